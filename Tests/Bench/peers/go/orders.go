package main

import "database/sql"

const orderQuery = `SELECT ` + orderColumns + ` FROM orders o WHERE o.id IN (?)`

// orders reads the rows of a query for orders in their order, with items, the items' products and tracking.
func (s *shop) orders(rows *sql.Rows, err error) ([]*order, error) {
	all := []*order{}
	err = each(rows, err, func(rows *sql.Rows) error {
		o := &order{Items: []item{}}
		all = append(all, o)
		return rows.Scan(&o.ID, &o.OrderID, &o.CustomerName, &o.CustomerEmail, &o.CustomerPhone, &o.Status, &o.Total,
			&o.ShippingAddress, &o.BillingAddress, &o.PaymentMethod, &o.PaymentStatus, &o.Notes, &o.Created,
			&o.Updated)
	})
	if err != nil || len(all) == 0 {
		return all, err
	}
	ids := make([]int64, len(all))
	byID := make(map[int64]*order, len(all))
	for at, o := range all {
		ids[at] = o.ID
		byID[o.ID] = o
	}
	if err := s.addItems(ids, byID); err != nil {
		return nil, err
	}
	trackings, err := s.list(trackingQuery, ids)
	err = each(trackings, err, func(rows *sql.Rows) error {
		var parent int64
		t := &tracking{}
		err := rows.Scan(&parent, &t.Number, &t.Carrier, &t.Shipped, &t.Estimated, &t.Actual)
		byID[parent].Tracking = t
		return err
	})
	return all, err
}

func (s *shop) addItems(ids []int64, byID map[int64]*order) error {
	type line struct {
		order, product int64
		item
	}
	var lines []line
	bought := map[int64]*product{}
	var products []int64
	items, err := s.list(itemQuery, ids)
	err = each(items, err, func(rows *sql.Rows) error {
		var l line
		err := rows.Scan(&l.order, &l.ID, &l.product, &l.Quantity, &l.Price, &l.Subtotal)
		lines = append(lines, l)
		if _, seen := bought[l.product]; !seen {
			bought[l.product] = nil
			products = append(products, l.product)
		}
		return err
	})
	if err != nil || len(lines) == 0 {
		return err
	}
	all, err := s.products(s.list(productQuery, products))
	if err != nil {
		return err
	}
	for _, p := range all {
		bought[p.ID] = p
	}
	for _, l := range lines {
		l.Product = bought[l.product]
		byID[l.order].Items = append(byID[l.order].Items, l.item)
	}
	return nil
}

func (s *shop) order(id int64) (*order, error) {
	all, err := s.orders(s.list(orderQuery, []int64{id}))
	if err == nil && len(all) == 0 {
		return nil, sql.ErrNoRows
	}
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

func (s *shop) newestOrders(number int) (interface{}, int, error) {
	var count int
	if err := s.database.QueryRow("SELECT COUNT(*) FROM orders").Scan(&count); err != nil {
		return nil, 0, err
	}
	all, err := s.orders(s.database.Query(`SELECT `+orderColumns+` FROM
		(SELECT id FROM orders ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?) page
		JOIN orders o ON o.id = page.id ORDER BY o.created_at DESC, o.id DESC`, pageSize, (number-1)*pageSize))
	return all, count, err
}
