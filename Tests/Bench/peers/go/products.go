package main

import (
	"database/sql"
	"encoding/json"
	"net/http"
	"strings"
)

const productQuery = `SELECT ` + productColumns + ` FROM products p WHERE p.id IN (?)`

// products reads the rows of a query for products in their order, with their images and inventory.
func (s *shop) products(rows *sql.Rows, err error) ([]*product, error) {
	all := []*product{}
	err = each(rows, err, func(rows *sql.Rows) error {
		p := &product{Images: []image{}}
		all = append(all, p)
		return rows.Scan(&p.ID, &p.ProductID, &p.SKU, &p.Name, &p.Description, &p.Price, &p.Stock, &p.Status,
			&p.Category, &p.Brand, &p.Weight, &p.Created, &p.Updated, &p.Revision)
	})
	if err != nil || len(all) == 0 {
		return all, err
	}
	ids := make([]int64, len(all))
	byID := make(map[int64]*product, len(all))
	for at, p := range all {
		ids[at] = p.ID
		byID[p.ID] = p
	}
	images, err := s.list(imageQuery, ids)
	err = each(images, err, func(rows *sql.Rows) error {
		var parent int64
		var i image
		err := rows.Scan(&parent, &i.ID, &i.URL, &i.IsPrimary, &i.Created)
		byID[parent].Images = append(byID[parent].Images, i)
		return err
	})
	if err != nil {
		return nil, err
	}
	stocks, err := s.list(inventoryQuery, ids)
	err = each(stocks, err, func(rows *sql.Rows) error {
		var parent int64
		i := &inventory{}
		err := rows.Scan(&parent, &i.Location, &i.Reserved, &i.Available, &i.Restocked)
		byID[parent].Inventory = i
		return err
	})
	return all, err
}

func (s *shop) product(id int64) (*product, error) {
	all, err := s.products(s.list(productQuery, []int64{id}))
	if err == nil && len(all) == 0 {
		return nil, sql.ErrNoRows
	}
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

func (s *shop) newestProducts(number int) (interface{}, int, error) {
	var count int
	if err := s.database.QueryRow("SELECT COUNT(*) FROM products").Scan(&count); err != nil {
		return nil, 0, err
	}
	// The ids are taken first, from the index, so that the whole rows of earlier pages are not read.
	all, err := s.products(s.database.Query(`SELECT `+productColumns+` FROM
		(SELECT id FROM products ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?) page
		JOIN products p ON p.id = page.id ORDER BY p.created_at DESC, p.id DESC`, pageSize, (number-1)*pageSize))
	return all, count, err
}

// search returns the products with a text in the name or the SKU and another one in the category, the newest first.
func (s *shop) search(text, category string) ([]*product, error) {
	return s.products(s.held[searchQuery].Query(pattern(category), pattern(text), pattern(text)))
}

func pattern(text string) string {
	return "%" + strings.NewReplacer(`%`, `\%`, `_`, `\_`, `\`, `\\`).Replace(text) + "%"
}

// write runs a statement that changes one row.
func (s *shop) write(query string, values ...interface{}) (sql.Result, error) {
	return s.held[query].Exec(values...)
}

func (s *shop) create(r *http.Request) (*product, error) {
	var p product
	if err := json.NewDecoder(r.Body).Decode(&p); err != nil {
		return nil, err
	}
	done, err := s.write(insertQuery, p.ProductID, p.SKU, p.Name, p.Description, p.Price, p.Stock, p.Status, p.Category,
		p.Brand, p.Weight)
	if err != nil {
		return nil, err
	}
	id, err := done.LastInsertId()
	if err != nil {
		return nil, err
	}
	return s.product(id)
}

func (s *shop) update(id int64, r *http.Request) (*product, error) {
	var p product
	if err := json.NewDecoder(r.Body).Decode(&p); err != nil {
		return nil, err
	}
	if _, err := s.write(updateQuery, p.Price, p.Stock, id); err != nil {
		return nil, err
	}
	return s.product(id)
}

func (s *shop) delete(id int64) error {
	done, err := s.write(deleteQuery, id)
	if err != nil {
		return err
	}
	if rows, err := done.RowsAffected(); err != nil || rows == 0 {
		return sql.ErrNoRows
	}
	return nil
}
