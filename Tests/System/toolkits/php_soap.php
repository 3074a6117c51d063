<?php
// Performs the product story and calls the operations of all services; prints JSON: php_soap.php URL VERSION

[, $url, $version] = $argv;
$version = (int) $version;

function client(string $domain): SoapClient
{
    global $url, $version;
    return new SoapClient("$url/$domain/soap/?wsdl", [
        'cache_wsdl' => WSDL_CACHE_NONE,
        'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
        'soap_version' => $version === 12 ? SOAP_1_2 : SOAP_1_1,
    ]);
}

function operations(string $domain): array
{
    $names = preg_replace('/^\w+ (\w+)\(.*$/s', '$1', client($domain)->__getFunctions());
    return ['once' => array_values(array_unique($names)), 'count' => count($names)];
}

function seen(object $product): array
{
    $plain = get_object_vars($product);
    unset($plain['updated_at']);
    $plain['created_at'] = (float) (new DateTime($product->created_at))->format('U.u');
    $plain['attribute'] = array_map(fn ($each) => [$each->name, $each->value], $product->attribute ?? []);
    return $plain;
}

function seen_page(object $page): array
{
    $products = $page->product ?? [];
    return [
        'total_count' => $page->total_count, 'has_more' => $page->has_more,
        'product_ids' => array_column($products, 'product_id'), 'names' => array_column($products, 'name'),
        'prices' => array_column($products, 'price'),
    ];
}

function fault_of(callable $call): array
{
    try {
        $call();
    } catch (SoapFault $fault) {
        // PHP does not convert the texts in a fault, and makes no array of a repeated element that occurs once.
        $detail = $fault->detail->service_fault;
        $errors = $detail->field_error ?? [];
        $errors = is_array($errors) ? $errors : [$errors];
        return [
            'fault_code' => preg_replace('/^.*:/', '', $fault->faultcode), 'text' => $fault->faultstring,
            'error_code' => $detail->error_code, 'retryable' => ['true' => true, 'false' => false][$detail->retryable],
            'request_id' => $detail->request_id,
            'fields' => array_map(fn ($each) => [$each->field, $each->problem], $errors),
        ];
    }
    throw new LogicException('no fault');
}

$call = client('products');
$product = [
    'product_id' => 'KETTLE', 'sku' => 'KETTLE-SKU', 'name' => 'Kettle 🫖 Größe <L> & "Teeküche" 東京',
    'description' => "First line\nsecond line: 👩‍👩‍👧‍👦 e\u{301}", 'price' => '99.90',
    'stock_quantity' => 7, 'status' => 'active', 'category' => 'kitchen', 'brand' => 'Messo', 'weight' => '1.50',
    'attribute' => [['name' => 'colour', 'value' => 'red'], ['name' => 'mood', 'value' => '🙂']],
];
$wrong = ['product_id' => 'OTHER', 'sku' => 'OTHER', 'price' => '1,50', 'status' => 'bogus'] + $product;
$update = fn (array $changes) => $call->update_product(['product_id' => 'KETTLE', 'changes' => $changes])->result;
$list = fn (array $query) => seen_page($call->list_products(['query' => $query])->result);

$story = [
    'version' => $version,
    'created' => seen($call->create_product(['product' => $product])->result),
    'read' => seen($call->get_product(['product_id' => 'KETTLE'])->result),
    'updated' => seen($update(['name' => 'Kettle, renamed 🎉'])),
    'cleared' => seen($update(['clear_field' => ['description', 'brand']])),
    'listed' => $list(['page_size' => 1000, 'category' => 'thousand']),
    'listed_one' => $list(['product_id' => ['KETTLE']]),
    'listed_none' => $list(['product_id' => ['GHOST']]),
    'missing' => fault_of(fn () => $call->get_product(['product_id' => 'GHOST'])),
    'invalid' => fault_of(fn () => $call->create_product(['product' => $wrong])),
    'stale' => fault_of(fn () => $update(['name' => 'Late', 'expected_revision' => 1])),
    'deleted' => $call->delete_product(['product_id' => 'KETTLE'])->result,
    'gone' => fault_of(fn () => $call->get_product(['product_id' => 'KETTLE'])),
];
$services = ['products', 'orders', 'logistics', 'finance', 'promotions', 'analytics'];
echo json_encode(
    ['story' => $story, 'operations' => array_combine($services, array_map('operations', $services))],
    JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_PRESERVE_ZERO_FRACTION);
