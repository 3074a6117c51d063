"""The schema as it will be once no older program runs on it: changed quantities leave the product's revision alone."""
import contextlib

# The trigger of sql/001_products.sql, and the one that will replace it.
NOW = """
    CREATE OR REPLACE TRIGGER inventory_moved BEFORE UPDATE ON inventory FOR EACH ROW
    UPDATE products SET revision = revision + 1 WHERE id IN (OLD.product_id, NEW.product_id)
"""
THEN = """
    CREATE OR REPLACE TRIGGER inventory_moved BEFORE UPDATE ON inventory FOR EACH ROW
    IF NEW.product_id <> OLD.product_id THEN
        UPDATE products SET revision = revision + 1 WHERE id IN (OLD.product_id, NEW.product_id);
    END IF
"""


@contextlib.contextmanager
def products_keep_their_revision(site):
    site.sql(f"DELIMITER //\n{THEN}//")
    try:
        yield
    finally:
        site.sql(NOW)
