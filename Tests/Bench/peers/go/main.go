// The same rows by net/http/fcgi and database/sql: prepared statements for rows by id, children by IN lists.
package main

import (
	"database/sql"
	"encoding/json"
	"log"
	"net"
	"net/http"
	"net/http/fcgi"
	"os"
	"strconv"
	"strings"

	_ "github.com/go-sql-driver/mysql"
)

const (
	pageSize     = 100
	productsPath = "/products/api/products/"
	ordersPath   = "/orders/api/orders/"
)

type page struct {
	Count    int         `json:"count"`
	Next     *string     `json:"next"`
	Previous *string     `json:"previous"`
	Results  interface{} `json:"results"`
}

func answer(w http.ResponseWriter, status int, document interface{}, err error) {
	if err == sql.ErrNoRows {
		http.Error(w, `{"detail":"Not found."}`, http.StatusNotFound)
		return
	}
	if err != nil {
		log.Print(err)
		http.Error(w, `{"detail":"Failed."}`, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(document)
}

// links returns the addresses of the previous and the next page.
func links(r *http.Request, number, count int) (next, previous *string) {
	url := "http://" + r.Host + r.URL.Path
	if number*pageSize < count {
		text := url + "?page=" + strconv.Itoa(number+1)
		next = &text
	}
	if number == 2 {
		previous = &url
	} else if number > 2 {
		text := url + "?page=" + strconv.Itoa(number-1)
		previous = &text
	}
	return next, previous
}

func pageNumber(r *http.Request) int {
	number, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil || number < 1 {
		return 1
	}
	return number
}

// servePage serves a list.
func servePage(w http.ResponseWriter, r *http.Request, many func(number int) (interface{}, int, error)) {
	number := pageNumber(r)
	results, count, err := many(number)
	next, previous := links(r, number, count)
	answer(w, http.StatusOK, page{count, next, previous, results}, err)
}

// id returns the number of a row in the rest of a path.
func id(rest string) (int64, error) {
	number, err := strconv.ParseInt(strings.TrimSuffix(rest, "/"), 10, 64)
	if err != nil {
		return 0, sql.ErrNoRows
	}
	return number, nil
}

func (s *shop) serveProducts(w http.ResponseWriter, r *http.Request) {
	rest := strings.TrimPrefix(r.URL.Path, productsPath)
	switch {
	case rest == "" && r.Method == http.MethodPost:
		document, err := s.create(r)
		answer(w, http.StatusCreated, document, err)
	case rest == "":
		servePage(w, r, s.newestProducts)
	case rest == "search/":
		document, err := s.search(r.URL.Query().Get("q"), r.URL.Query().Get("category"))
		answer(w, http.StatusOK, document, err)
	default:
		s.serveProduct(w, r, rest)
	}
}

func (s *shop) serveProduct(w http.ResponseWriter, r *http.Request, rest string) {
	number, err := id(rest)
	var document *product
	switch {
	case err != nil:
	case r.Method == http.MethodPatch:
		document, err = s.update(number, r)
	case r.Method == http.MethodDelete:
		if err = s.delete(number); err == nil {
			w.WriteHeader(http.StatusNoContent)
			return
		}
	default:
		document, err = s.product(number)
	}
	answer(w, http.StatusOK, document, err)
}

func (s *shop) serveOrders(w http.ResponseWriter, r *http.Request) {
	rest := strings.TrimPrefix(r.URL.Path, ordersPath)
	if rest == "" {
		servePage(w, r, s.newestOrders)
		return
	}
	number, err := id(rest)
	var document *order
	if err == nil {
		document, err = s.order(number)
	}
	answer(w, http.StatusOK, document, err)
}

func main() {
	// The driver puts the values of lists and pages into the text, which saves two of three round trips.
	database, err := sql.Open("mysql",
		"bench:bench@unix("+os.Getenv("DATABASE_SOCKET")+")/seller_center?interpolateParams=true&charset=utf8mb4")
	if err != nil {
		log.Fatal(err)
	}
	database.SetMaxOpenConns(8)
	database.SetMaxIdleConns(8)
	shop, err := openShop(database)
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc(productsPath, shop.serveProducts)
	http.HandleFunc(ordersPath, shop.serveOrders)
	http.HandleFunc("/products/soap/", shop.soap)
	listener, err := net.Listen("unix", os.Getenv("SOCKET"))
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(fcgi.Serve(listener, nil))
}
