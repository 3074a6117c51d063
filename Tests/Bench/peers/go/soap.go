package main

import (
	"database/sql"
	"encoding/xml"
	"errors"
	"log"
	"net/http"
)

type soapRequest struct {
	XMLName xml.Name `xml:"http://schemas.xmlsoap.org/soap/envelope/ Envelope"`
	Get     *struct {
		ProductID string `xml:"product_id"`
	} `xml:"Body>get_product"`
	List *struct {
		Page int `xml:"query>page"`
		Size int `xml:"query>page_size"`
	} `xml:"Body>list_products"`
}

type soapAnswer struct {
	XMLName xml.Name `xml:"http://schemas.xmlsoap.org/soap/envelope/ Envelope"`
	Body    struct {
		Get  *getResponse  `xml:"http://messo.products.soap/v1 get_productResponse"`
		List *listResponse `xml:"http://messo.products.soap/v1 list_productsResponse"`
	} `xml:"http://schemas.xmlsoap.org/soap/envelope/ Body"`
}

type getResponse struct {
	Product *product `xml:"result"`
}

type listResponse struct {
	Page     int        `xml:"result>page"`
	Size     int        `xml:"result>page_size"`
	Count    int        `xml:"result>total_count"`
	HasMore  bool       `xml:"result>has_more"`
	Products []*product `xml:"result>product"`
}

// soap answers get_product and list_products.
func (s *shop) soap(w http.ResponseWriter, r *http.Request) {
	var request soapRequest
	if err := xml.NewDecoder(r.Body).Decode(&request); err != nil {
		http.Error(w, "no envelope", http.StatusBadRequest)
		return
	}
	var document soapAnswer
	err := errors.New("the operation is not known")
	if request.Get != nil {
		document.Body.Get, err = s.soapProduct(request.Get.ProductID)
	} else if request.List != nil {
		document.Body.List, err = s.soapProducts(request.List.Page, request.List.Size)
	}
	if err != nil {
		log.Print(err)
		http.Error(w, "failed", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.Write([]byte(xml.Header))
	xml.NewEncoder(w).Encode(document)
}

func (s *shop) soapProduct(key string) (*getResponse, error) {
	found, err := s.products(s.held[keyQuery].Query(key))
	if err == nil && len(found) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return nil, err
	}
	return &getResponse{found[0]}, nil
}

func (s *shop) soapProducts(page, size int) (*listResponse, error) {
	if page == 0 {
		page = 1
	}
	if size == 0 {
		size = pageSize
	}
	list := &listResponse{Page: page, Size: size}
	if err := s.database.QueryRow("SELECT COUNT(*) FROM products").Scan(&list.Count); err != nil {
		return nil, err
	}
	list.HasMore = page*size < list.Count
	var err error
	list.Products, err = s.products(s.database.Query(`SELECT `+productColumns+` FROM
		(SELECT id FROM products ORDER BY id LIMIT ? OFFSET ?) page
		JOIN products p ON p.id = page.id ORDER BY p.id`, size, (page-1)*size))
	return list, err
}
