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

const pageSize = 100

type page struct {
	Count    int         `json:"count"`
	Next     *string     `json:"next"`
	Previous *string     `json:"previous"`
	Results  interface{} `json:"results"`
}

func answer(w http.ResponseWriter, document interface{}, err error) {
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

// collection serves a prefix: a page at the prefix itself, and rows by id behind it.
func collection(prefix string, one func(id int64) (interface{}, error),
	many func(number int) (interface{}, int, error)) {
	http.HandleFunc(prefix, func(w http.ResponseWriter, r *http.Request) {
		rest := strings.TrimPrefix(r.URL.Path, prefix)
		if rest == "" {
			number := pageNumber(r)
			results, count, err := many(number)
			next, previous := links(r, number, count)
			answer(w, page{count, next, previous, results}, err)
			return
		}
		id, err := strconv.ParseInt(strings.TrimSuffix(rest, "/"), 10, 64)
		if err != nil {
			answer(w, nil, sql.ErrNoRows)
			return
		}
		document, err := one(id)
		answer(w, document, err)
	})
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
	collection("/products/api/products/",
		func(id int64) (interface{}, error) { return shop.product(id) },
		func(number int) (interface{}, int, error) { return shop.newestProducts(number) })
	collection("/orders/api/orders/",
		func(id int64) (interface{}, error) { return shop.order(id) },
		func(number int) (interface{}, int, error) { return shop.newestOrders(number) })
	http.HandleFunc("/products/soap/", shop.soap)
	listener, err := net.Listen("unix", os.Getenv("SOCKET"))
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(fcgi.Serve(listener, nil))
}
