<?php
// get_product and list_products by PHP's own SoapServer, from the published WSDL.
declare(strict_types=1);

final class Products
{
    public function get_product(object $request): array
    {
        $rows = select('SELECT ' . PRODUCT . ' FROM products p WHERE p.product_id = ?', [$request->product_id]);
        if (!$rows) {
            throw new SoapFault('Client', "Product '{$request->product_id}' does not exist.");
        }
        return ['result' => self::elements(array_values(products($rows))[0])];
    }

    public function list_products(object $request): array
    {
        $number = $request->query->page ?? 1;
        $size = $request->query->page_size ?? 100;
        $count = select('SELECT COUNT(*) count FROM products')[0]['count'];
        $rows = select('SELECT ' . PRODUCT . ' FROM (SELECT id FROM products ORDER BY id LIMIT ? OFFSET ?) page
            JOIN products p ON p.id = page.id ORDER BY p.id', [$size, ($number - 1) * $size]);
        return ['result' => [
            'page' => $number, 'page_size' => $size, 'total_count' => $count, 'has_more' => $number * $size < $count,
            'next_updated_since' => gmdate('Y-m-d\TH:i:s\Z'),
            'product' => array_map(self::elements(...), array_values(products($rows)))]];
    }

    /** A product under the names of the WSDL, without its empty fields. */
    private static function elements(array $product): array
    {
        $product['image'] = $product['images'];
        unset($product['id'], $product['images']);
        $isThere = fn ($value) => $value !== null && $value !== '';
        if ($product['inventory']) {
            $product['inventory'] = array_filter($product['inventory'], $isThere);
        }
        return array_filter($product, $isThere);
    }
}

$server = new SoapServer(getenv('WSDL'), ['cache_wsdl' => WSDL_CACHE_BOTH]);
$server->setClass(Products::class);
$server->handle();
