package main

import (
	"database/sql"
	"strings"
)

type image struct {
	ID        int64  `json:"id" xml:"id"`
	URL       string `json:"image_url" xml:"image_url"`
	IsPrimary bool   `json:"is_primary" xml:"is_primary"`
	Created   stamp  `json:"created_at" xml:"created_at"`
}

type inventory struct {
	Location  string `json:"warehouse_location" xml:"warehouse_location,omitempty"`
	Reserved  int    `json:"reserved_quantity" xml:"reserved_quantity"`
	Available int    `json:"available_quantity" xml:"available_quantity"`
	Restocked *stamp `json:"last_restocked_at" xml:"last_restocked_at,omitempty"`
}

type product struct {
	ID          int64      `json:"id" xml:"-"`
	ProductID   string     `json:"product_id" xml:"product_id"`
	SKU         string     `json:"sku" xml:"sku"`
	Name        string     `json:"name" xml:"name"`
	Description string     `json:"description" xml:"description,omitempty"`
	Price       string     `json:"price" xml:"price"`
	Stock       int        `json:"stock_quantity" xml:"stock_quantity"`
	Status      string     `json:"status" xml:"status"`
	Category    string     `json:"category" xml:"category,omitempty"`
	Brand       string     `json:"brand" xml:"brand,omitempty"`
	Weight      *string    `json:"weight" xml:"weight,omitempty"`
	Created     stamp      `json:"created_at" xml:"created_at"`
	Updated     stamp      `json:"updated_at" xml:"updated_at"`
	Revision    int64      `json:"-" xml:"revision"`
	Images      []image    `json:"images" xml:"image"`
	Inventory   *inventory `json:"inventory" xml:"inventory"`
}

type item struct {
	ID       int64    `json:"id"`
	Product  *product `json:"product"`
	Quantity int      `json:"quantity"`
	Price    string   `json:"unit_price"`
	Subtotal string   `json:"subtotal"`
}

type tracking struct {
	Number    string `json:"tracking_number"`
	Carrier   string `json:"carrier"`
	Shipped   *stamp `json:"shipped_at"`
	Estimated *stamp `json:"estimated_delivery"`
	Actual    *stamp `json:"actual_delivery"`
}

type order struct {
	ID              int64     `json:"id"`
	OrderID         string    `json:"order_id"`
	CustomerName    string    `json:"customer_name"`
	CustomerEmail   string    `json:"customer_email"`
	CustomerPhone   string    `json:"customer_phone"`
	Status          string    `json:"status"`
	Total           string    `json:"total_amount"`
	ShippingAddress string    `json:"shipping_address"`
	BillingAddress  string    `json:"billing_address"`
	PaymentMethod   string    `json:"payment_method"`
	PaymentStatus   string    `json:"payment_status"`
	Notes           string    `json:"notes"`
	Created         stamp     `json:"created_at"`
	Updated         stamp     `json:"updated_at"`
	Items           []item    `json:"items"`
	Tracking        *tracking `json:"tracking"`
}

// stamp is a time as MariaDB writes it.
type stamp string

func (s stamp) MarshalText() ([]byte, error) {
	text := strings.TrimSuffix(strings.Replace(string(s), " ", "T", 1), ".000000")
	return []byte(text + "Z"), nil
}

const productColumns = `p.id, p.product_id, p.sku, p.name, p.description, p.price, p.stock_quantity, p.status,
	p.category, p.brand, p.weight, p.created_at, p.updated_at, p.revision`
const orderColumns = `o.id, o.order_id, o.customer_name, o.customer_email, o.customer_phone, o.status, o.total_amount,
	o.shipping_address, o.billing_address, o.payment_method, o.payment_status, o.notes, o.created_at, o.updated_at`
const imageQuery = `SELECT product_id, id, image_url, is_primary, created_at FROM product_images
	WHERE product_id IN (?) ORDER BY product_id, id`
const inventoryQuery = `SELECT product_id, warehouse_location, reserved_quantity, available_quantity,
	last_restocked_at FROM inventory WHERE product_id IN (?)`
const itemQuery = `SELECT order_id, id, product_id, quantity, unit_price, subtotal FROM order_items
	WHERE order_id IN (?) ORDER BY order_id, id`
const trackingQuery = `SELECT order_id, tracking_number, carrier, shipped_at, estimated_delivery, actual_delivery
	FROM order_tracking WHERE order_id IN (?)`

const keyQuery = `SELECT ` + productColumns + ` FROM products p WHERE p.product_id = ?`
const searchQuery = `SELECT ` + productColumns + ` FROM products p
	WHERE p.category COLLATE utf8mb4_general_ci LIKE ?
	AND (p.name COLLATE utf8mb4_general_ci LIKE ? OR p.sku COLLATE utf8mb4_general_ci LIKE ?)
	ORDER BY p.created_at DESC, p.id DESC`
const insertQuery = `INSERT INTO products (product_id, sku, name, description, price, stock_quantity, status, category,
	brand, weight, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`
const updateQuery = `UPDATE products SET price = ?, stock_quantity = ?, updated_at = UTC_TIMESTAMP(6) WHERE id = ?`
const deleteQuery = `DELETE FROM products WHERE id = ?`

// shop reads and writes rows of the database.
type shop struct {
	database *sql.DB
	held     map[string]*sql.Stmt
}

func openShop(database *sql.DB) (*shop, error) {
	s := &shop{database, map[string]*sql.Stmt{}}
	for _, query := range []string{
		productQuery, keyQuery, searchQuery, orderQuery, imageQuery, inventoryQuery, itemQuery, trackingQuery,
		insertQuery, updateQuery, deleteQuery,
	} {
		statement, err := database.Prepare(query)
		if err != nil {
			return nil, err
		}
		s.held[query] = statement
	}
	return s, nil
}

// list runs a query with one list of ids: a prepared statement for one id, a text for several.
func (s *shop) list(query string, ids []int64) (*sql.Rows, error) {
	if statement := s.held[query]; statement != nil && len(ids) == 1 {
		return statement.Query(ids[0])
	}
	values := make([]interface{}, len(ids))
	for at, id := range ids {
		values[at] = id
	}
	return s.database.Query(strings.Replace(query, "(?)", "(?"+strings.Repeat(",?", len(ids)-1)+")", 1), values...)
}

// each scans every row of a result.
func each(rows *sql.Rows, err error, scan func(*sql.Rows) error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
