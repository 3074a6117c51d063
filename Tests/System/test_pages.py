"""Every page of a list has the right rows, whichever pages were read before and whatever was written."""
import os
import random

import pytest

ROWS = 730


def insert(site, count, created_at="UTC_TIMESTAMP(6)"):
    """Inserts products directly; many have the same time, so that only their ids give an order."""
    name = f"{random.random():.12f}"
    site.sql(
        "INSERT INTO products (product_id, sku, name, price, created_at, updated_at) "
        f"SELECT CONCAT('{name}-', seq), CONCAT('{name}-', seq), 'n', 1, {created_at}, UTC_TIMESTAMP(6) "
        f"FROM seq_1_to_{count}")


def ids(site, order):
    return [int(id) for (id,) in site.sql(f"SELECT id FROM products ORDER BY {order}")]


def check_rest(site, page, expected):
    answer = site.rest("GET", f"/products/api/products/?page={page}")
    last = (len(expected) + 99) // 100
    number = last if page == "last" else page
    if number > last:
        assert answer.status_code == 404
        return
    body = answer.json()
    assert body["count"] == len(expected)
    assert [row["id"] for row in body["results"]] == expected[(number - 1) * 100:number * 100]


def check_soap(site, page, size, keys):
    result = site.call("products", "list_products", f"<query><page>{page}</page><page_size>{size}</page_size></query>")
    assert [key.text for key in result.iterfind("{*}product/{*}product_id")] == keys[(page - 1) * size:page * size]
    assert int(result.findtext("{*}total_count")) == len(keys)
    assert result.findtext("{*}has_more") == ("true" if page * size < len(keys) else "false")


def write(site):
    choice = random.randrange(5)
    if choice == 0:
        site.sql(f"DELETE FROM products ORDER BY RAND() LIMIT {random.randrange(1, 40)}")
    elif choice == 1:
        insert(site, random.randrange(1, 40))
    elif choice == 2:
        insert(site, random.randrange(1, 40), "'2020-01-01 00:00:00.5' + INTERVAL seq % 3 DAY")
    elif choice == 3:
        site.sql("UPDATE products SET created_at = created_at - INTERVAL 1 YEAR ORDER BY RAND() LIMIT 5")
    else:
        site.product(f"created-{random.random():.12f}")


def test_pages_are_right_in_any_order_and_after_any_write(site):
    seed = int(os.environ.get("PAGES_SEED", random.randrange(2**32)))
    print(f"PAGES_SEED={seed}")
    random.seed(seed)
    insert(site, ROWS, "UTC_TIMESTAMP(6) - INTERVAL seq % 7 HOUR")
    for _ in range(12):
        newest = ids(site, "created_at DESC, id DESC")
        keys = [key for (key,) in site.sql("SELECT product_id FROM products ORDER BY id")]
        for _ in range(16):
            check_rest(site, random.choice(["last", *range(1, 10)]), newest)
            size = random.choice([7, 50, 100])
            check_soap(site, random.randrange(1, len(keys) // size + 3), size, keys)
        write(site)


@pytest.mark.parametrize("write", ["", "DELETE FROM products ORDER BY id DESC LIMIT 3"])
def test_a_page_seen_before_costs_no_walk_over_the_rows_before_it(site, write):
    insert(site, 5000, "UTC_TIMESTAMP(6) - INTERVAL seq SECOND")
    site.sql(write)

    def rows_read():
        names = "'Handler_read_next', 'Handler_read_prev', 'Handler_read_rnd_next'"
        return sum(int(value) for _, value in site.sql(f"SHOW GLOBAL STATUS WHERE Variable_name IN ({names})"))

    read = []
    for _ in range(12):
        before = rows_read()
        assert site.rest("GET", "/products/api/products/?page=24").status_code == 200
        read.append(rows_read() - before)
    # Each worker steps through the index once, at its first request; the page itself is 100 rows and their parts.
    assert read[0] > 2000, read
    assert sum(rows > 1500 for rows in read) <= len(site.workers()), read
