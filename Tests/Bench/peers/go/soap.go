package main

import (
	"encoding/xml"
	"log"
	"net/http"
)

type listRequest struct {
	XMLName xml.Name `xml:"http://schemas.xmlsoap.org/soap/envelope/ Envelope"`
	Page    int      `xml:"Body>list_products>query>page"`
	Size    int      `xml:"Body>list_products>query>page_size"`
}

type listResponse struct {
	XMLName xml.Name `xml:"http://schemas.xmlsoap.org/soap/envelope/ Envelope"`
	Body    struct {
		Response struct {
			Result listResult `xml:"result"`
		} `xml:"http://messo.products.soap/v1 list_productsResponse"`
	} `xml:"http://schemas.xmlsoap.org/soap/envelope/ Body"`
}

type listResult struct {
	Page     int        `xml:"page"`
	Size     int        `xml:"page_size"`
	Count    int        `xml:"total_count"`
	HasMore  bool       `xml:"has_more"`
	Products []*product `xml:"product"`
}

// soap answers list_products, the only operation that is compared.
func (s *shop) soap(w http.ResponseWriter, r *http.Request) {
	request := listRequest{Page: 1, Size: pageSize}
	if err := xml.NewDecoder(r.Body).Decode(&request); err != nil {
		http.Error(w, "no envelope", http.StatusBadRequest)
		return
	}
	var response listResponse
	result := &response.Body.Response.Result
	result.Page, result.Size = request.Page, request.Size
	err := s.database.QueryRow("SELECT COUNT(*) FROM products").Scan(&result.Count)
	if err == nil {
		result.HasMore = request.Page*request.Size < result.Count
		result.Products, err = s.products(s.database.Query(`SELECT `+productColumns+` FROM
			(SELECT id FROM products ORDER BY id LIMIT ? OFFSET ?) page
			JOIN products p ON p.id = page.id ORDER BY p.id`, request.Size, (request.Page-1)*request.Size))
	}
	if err != nil {
		log.Print(err)
		http.Error(w, "failed", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.Write([]byte(xml.Header))
	xml.NewEncoder(w).Encode(response)
}
