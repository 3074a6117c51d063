<?php
// The same rows by plain PHP: a persistent mysqli connection, prepared statements, children by IN lists.
declare(strict_types=1);

$database = new mysqli('p:localhost', 'bench', 'bench', 'seller_center', 0, getenv('DATABASE_SOCKET'));

const PRODUCT = 'p.id, p.product_id, p.sku, p.name, p.description, p.price, p.stock_quantity, p.status, p.category,
    p.brand, p.weight, p.created_at, p.updated_at, p.revision';
const ORDER = 'o.id, o.order_id, o.customer_name, o.customer_email, o.customer_phone, o.status, o.total_amount,
    o.shipping_address, o.billing_address, o.payment_method, o.payment_status, o.notes, o.created_at, o.updated_at';
const PAGE = 100;

function execute(string $sql, array $values = []): mysqli_stmt
{
    global $database;
    $statement = $database->prepare($sql);
    if ($values) {
        $types = array_map(fn ($value) => is_int($value) ? 'i' : 's', $values);
        $statement->bind_param(implode($types), ...$values);
    }
    $statement->execute();
    return $statement;
}

function select(string $sql, array $values = []): array
{
    return execute($sql, $values)->get_result()->fetch_all(MYSQLI_ASSOC);
}

function marks(array $ids): string
{
    return implode(',', array_fill(0, count($ids), '?'));
}

function time_of(?string $stored): ?string
{
    if ($stored === null) {
        return null;
    }
    $time = str_replace(' ', 'T', $stored);
    return (str_ends_with($time, '.000000') ? substr($time, 0, -7) : $time) . 'Z';
}

/** The products of these rows by id, with their images and inventory. */
function products(array $rows): array
{
    if (!$rows) {
        return [];
    }
    $products = [];
    foreach ($rows as $row) {
        $row['created_at'] = time_of($row['created_at']);
        $row['updated_at'] = time_of($row['updated_at']);
        $products[$row['id']] = $row + ['images' => [], 'inventory' => null];
    }
    $ids = array_keys($products);
    $images = select('SELECT product_id, id, image_url, is_primary, created_at FROM product_images
        WHERE product_id IN (' . marks($ids) . ') ORDER BY product_id, id', $ids);
    foreach ($images as $image) {
        $products[$image['product_id']]['images'][] = [
            'id' => $image['id'], 'image_url' => $image['image_url'], 'is_primary' => (bool) $image['is_primary'],
            'created_at' => time_of($image['created_at'])];
    }
    $stocks = select('SELECT product_id, warehouse_location, reserved_quantity, available_quantity, last_restocked_at
        FROM inventory WHERE product_id IN (' . marks($ids) . ')', $ids);
    foreach ($stocks as $stock) {
        $id = $stock['product_id'];
        unset($stock['product_id']);
        $stock['last_restocked_at'] = time_of($stock['last_restocked_at']);
        $products[$id]['inventory'] = $stock;
    }
    return $products;
}

/** The orders of these rows, with their items, the items' products, and tracking. */
function orders(array $rows): array
{
    if (!$rows) {
        return [];
    }
    $orders = [];
    foreach ($rows as $row) {
        $row['created_at'] = time_of($row['created_at']);
        $row['updated_at'] = time_of($row['updated_at']);
        $orders[$row['id']] = $row + ['items' => [], 'tracking' => null];
    }
    $ids = array_keys($orders);
    $items = select('SELECT order_id, id, product_id, quantity, unit_price, subtotal FROM order_items
        WHERE order_id IN (' . marks($ids) . ') ORDER BY order_id, id', $ids);
    $bought = array_values(array_unique(array_column($items, 'product_id')));
    $query = 'SELECT ' . PRODUCT . ' FROM products p WHERE p.id IN (' . marks($bought) . ')';
    $products = $bought ? shown(products(select($query, $bought))) : [];
    foreach ($items as $item) {
        $orders[$item['order_id']]['items'][] = [
            'id' => $item['id'], 'product' => $products[$item['product_id']], 'quantity' => $item['quantity'],
            'unit_price' => $item['unit_price'], 'subtotal' => $item['subtotal']];
    }
    $tracking = select('SELECT order_id, tracking_number, carrier, shipped_at, estimated_delivery, actual_delivery
        FROM order_tracking WHERE order_id IN (' . marks($ids) . ')', $ids);
    foreach ($tracking as $row) {
        $orders[$row['order_id']]['tracking'] = [
            'tracking_number' => $row['tracking_number'], 'carrier' => $row['carrier'],
            'shipped_at' => time_of($row['shipped_at']),
            'estimated_delivery' => time_of($row['estimated_delivery']),
            'actual_delivery' => time_of($row['actual_delivery'])];
    }
    return array_values($orders);
}

/** Products as REST shows them. */
function shown(array $products): array
{
    foreach ($products as &$product) {
        unset($product['revision']);
    }
    return $products;
}

function page(string $table, string $alias, string $columns, callable $complete): array
{
    $number = max(1, (int) ($_GET['page'] ?? 1));
    $count = select("SELECT COUNT(*) count FROM $table")[0]['count'];
    // The ids are taken first, from the index, so that the whole rows of earlier pages are not read.
    $rows = select("SELECT $columns FROM (SELECT id FROM $table ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?) page
        JOIN $table $alias ON $alias.id = page.id ORDER BY $alias.created_at DESC, $alias.id DESC",
        [PAGE, ($number - 1) * PAGE]);
    $url = "http://$_SERVER[HTTP_HOST]" . strtok($_SERVER['REQUEST_URI'], '?');
    return [
        'count' => $count, 'next' => $number * PAGE < $count ? "$url?page=" . ($number + 1) : null,
        'previous' => $number === 1 ? null : ($number === 2 ? $url : "$url?page=" . ($number - 1)),
        'results' => $complete($rows)];
}

/** The products with a text in the name or the SKU and another one in the category, the newest first. */
function search(): array
{
    $pattern = fn (string $text) => '%' . addcslashes($text, '%_\\') . '%';
    $text = $pattern($_GET['q'] ?? '');
    return select('SELECT ' . PRODUCT . ' FROM products p WHERE p.category COLLATE utf8mb4_general_ci LIKE ?
        AND (p.name COLLATE utf8mb4_general_ci LIKE ? OR p.sku COLLATE utf8mb4_general_ci LIKE ?)
        ORDER BY p.created_at DESC, p.id DESC', [$pattern($_GET['category'] ?? ''), $text, $text]);
}

function product(int $id): ?array
{
    return array_values(shown(products(select('SELECT ' . PRODUCT . ' FROM products p WHERE p.id = ?', [$id]))))[0]
        ?? null;
}

function create(): array
{
    global $database;
    $sent = json_decode(file_get_contents('php://input'), true, flags: JSON_THROW_ON_ERROR);
    execute('INSERT INTO products (product_id, sku, name, description, price, stock_quantity, status, category, brand,
        weight, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))', [
        $sent['product_id'], $sent['sku'], $sent['name'], $sent['description'], $sent['price'],
        $sent['stock_quantity'], $sent['status'], $sent['category'], $sent['brand'], $sent['weight']]);
    http_response_code(201);
    return product($database->insert_id);
}

function update(int $id): ?array
{
    $sent = json_decode(file_get_contents('php://input'), true, flags: JSON_THROW_ON_ERROR);
    execute('UPDATE products SET price = ?, stock_quantity = ?, updated_at = UTC_TIMESTAMP(6) WHERE id = ?',
        [$sent['price'], $sent['stock_quantity'], $id]);
    return product($id);
}

function delete(int $id): void
{
    http_response_code(execute('DELETE FROM products WHERE id = ?', [$id])->affected_rows === 1 ? 204 : 404);
}

function answer(?array $document): void
{
    header('Content-Type: application/json');
    if ($document === null) {
        http_response_code(404);
        $document = ['detail' => 'Not found.'];
    }
    echo json_encode($document, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
}

$path = strtok($_SERVER['REQUEST_URI'], '?');
$method = $_SERVER['REQUEST_METHOD'];
if (preg_match('{^/products/api/products/(\d+)/$}', $path, $match)) {
    $id = (int) $match[1];
    match ($method) {
        'PATCH' => answer(update($id)),
        'DELETE' => delete($id),
        default => answer(product($id)),
    };
} elseif ($path === '/products/api/products/' && $method === 'POST') {
    answer(create());
} elseif ($path === '/products/api/products/') {
    answer(page('products', 'p', PRODUCT, fn (array $rows) => array_values(shown(products($rows)))));
} elseif ($path === '/products/api/products/search/') {
    answer(array_values(shown(products(search()))));
} elseif (preg_match('{^/orders/api/orders/(\d+)/$}', $path, $match)) {
    answer(orders(select('SELECT ' . ORDER . ' FROM orders o WHERE o.id = ?', [(int) $match[1]]))[0] ?? null);
} elseif ($path === '/orders/api/orders/') {
    answer(page('orders', 'o', ORDER, orders(...)));
} elseif ($path === '/products/soap/') {
    require __DIR__ . '/soap.php';
} else {
    answer(null);
}
