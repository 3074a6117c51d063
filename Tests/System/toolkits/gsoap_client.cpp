// Performs the product story with the code that gSOAP generated; prints JSON: gsoap_client VERSION
#include <functional>
#include <iostream>
#include <stdexcept>

#include "ProductServiceSoap11Binding.nsmap"
#include "soapProductServiceSoap11BindingProxy.h"

using Text = std::string;

// JSON, which C++ lacks.

Text json(const Text& text) {
    Text quoted = "\"";
    for (char each : text) {
        if (each == '"' || each == '\\') quoted += '\\';
        quoted += each == '\n' ? "\\n" : Text(1, each);
    }
    return quoted + "\"";
}

Text json(bool value) { return value ? "true" : "false"; }

template <class Rows, class Part>
Text list(const Rows& rows, Part part) {
    Text joined;
    for (const auto& row : rows) joined += (joined.empty() ? "" : ",") + part(row);
    return "[" + joined + "]";
}

Text field(const Text& name, const Text& value) { return json(name) + ":" + value; }

Text field(const Text& name, const Text* optional) { return optional ? "," + field(name, json(*optional)) : ""; }

// The parts of an answer that the test compares.

Text seen(const ns1__Product& product) {
    return "{" + field("product_id", json(product.product_USCOREid)) + "," + field("sku", json(product.sku)) + ","
        + field("name", json(product.name)) + field("description", product.description) + ","
        + field("price", json(product.price)) + ","
        + field("stock_quantity", std::to_string(product.stock_USCOREquantity)) + ","
        + field("status", json(product.status)) + field("category", product.category)
        + field("brand", product.brand) + field("weight", product.weight) + ","
        + field("created_at", std::to_string(product.created_USCOREat)) + ","
        + field("revision", std::to_string(product.revision)) + ","
        + field("attribute", list(product.attribute, [](const ns1__Attribute* each) {
              return "[" + json(each->name) + "," + json(each->value) + "]";
          })) + "}";
}

Text seen(const ns1__ProductPage& page) {
    using Row = const ns1__Product*;
    return "{" + field("total_count", std::to_string(page.total_USCOREcount)) + ","
        + field("has_more", json(page.has_USCOREmore)) + ","
        + field("product_ids", list(page.product, [](Row row) { return json(row->product_USCOREid); })) + ","
        + field("names", list(page.product, [](Row row) { return json(row->name); })) + ","
        + field("prices", list(page.product, [](Row row) { return json(row->price); })) + "}";
}

Text seen(bool value) { return json(value); }

using Proxy = ProductServiceSoap11BindingProxy;

Text fault(Proxy& proxy, int status) {
    if (status == SOAP_OK) throw std::runtime_error("no fault");
    struct soap* soap = proxy.soap;
    const SOAP_ENV__Detail* detail = soap->version == 2 ? soap->fault->SOAP_ENV__Detail : soap->fault->detail;
    if (!detail || !detail->ns1__service_USCOREfault) {
        soap_stream_fault(soap, std::cerr);
        throw std::runtime_error("the fault has no typed detail");
    }
    const ns1__ServiceFault& typed = *detail->ns1__service_USCOREfault;
    const Text code = soap->version == 2 ? soap->fault->SOAP_ENV__Code->SOAP_ENV__Value : soap->fault->faultcode;
    return "{" + field("fault_code", json(code.substr(code.find(':') + 1))) + ","
        + field("text", json(Text(*soap_faultstring(soap)))) + "," + field("error_code", json(typed.error_USCOREcode))
        + "," + field("retryable", json(typed.retryable)) + field("request_id", typed.request_USCOREid) + ","
        + field("fields", list(typed.field_USCOREerror, [](const ns1__FieldError* each) {
              return "[" + json(each->field) + "," + json(each->problem) + "]";
          })) + "}";
}

/// Runs one operation with a new request; returns the content of its answer or of its fault.
template <class Request, class Answer>
Text ask(
    Proxy& proxy, int (Proxy::*operation)(Request*, Answer&), const std::function<void(Request&)>& fill, bool works) {
    Request request;
    Answer answer;
    fill(request);
    const int status = (proxy.*operation)(&request, answer);
    if (!works) return fault(proxy, status);
    if (status != SOAP_OK) {
        soap_stream_fault(proxy.soap, std::cerr);
        throw std::runtime_error("a call has failed");
    }
    if constexpr (std::is_pointer_v<decltype(answer.result)>) return seen(*answer.result);
    else return seen(answer.result);
}

int main(int, char** arguments) {
    const int version = std::stoi(arguments[1]);
    struct soap* soap = soap_new1(SOAP_XML_STRICT | SOAP_C_UTFSTRING);
    Proxy proxy(soap);
    // The generated table writes SOAP 1.2 and reads both versions; with the two names exchanged it writes 1.1.
    if (version == 11) {
        for (int each : {0, 1}) std::swap(namespaces[each].ns, namespaces[each].in);
    }
    soap_set_namespaces(soap, namespaces);

    ns1__Attribute colour, mood;
    colour.name = "colour", colour.value = "red";
    mood.name = "mood", mood.value = "🙂";
    Text description = "First line\nsecond line: 👩‍👩‍👧‍👦 e\u0301";
    Text category = "kitchen", brand = "Messo", weight = "1.50";
    Text status = "active";
    int stock = 7;
    ns1__ProductInput product;
    product.product_USCOREid = "KETTLE", product.sku = "KETTLE-SKU";
    product.name = "Kettle 🫖 Größe <L> & \"Teeküche\" 東京";
    product.description = &description, product.price = "99.90", product.stock_USCOREquantity = &stock;
    product.status = &status, product.category = &category, product.brand = &brand, product.weight = &weight;
    product.attribute = {&colour, &mood};

    const auto create = [&](bool works) {
        return ask<_ns1__create_USCOREproduct, _ns1__create_USCOREproductResponse>(
            proxy, &Proxy::create_USCOREproduct, [&](auto& request) { request.product = &product; }, works);
    };
    const auto read = [&](const Text& key, bool works) {
        return ask<_ns1__get_USCOREproduct, _ns1__get_USCOREproductResponse>(
            proxy, &Proxy::get_USCOREproduct, [&](auto& request) { request.product_USCOREid = key; }, works);
    };
    const auto update = [&](ns1__ProductChanges& changes, bool works) {
        return ask<_ns1__update_USCOREproduct, _ns1__update_USCOREproductResponse>(
            proxy, &Proxy::update_USCOREproduct,
            [&](auto& request) { request.product_USCOREid = "KETTLE", request.changes = &changes; }, works);
    };
    const auto listed = [&](ns1__ProductQuery& query) {
        return ask<_ns1__list_USCOREproducts, _ns1__list_USCOREproductsResponse>(
            proxy, &Proxy::list_USCOREproducts, [&](auto& request) { request.query = &query; }, true);
    };

    Text new_name = "Kettle, renamed 🎉", late_name = "Late", thousand = "thousand", wrong = "bogus";
    LONG64 first_revision = 1;
    int page_size = 1000;
    ns1__ProductChanges renaming, clearing, late;
    renaming.name = &new_name;
    clearing.clear_USCOREfield = {"description", "brand"};
    late.name = &late_name, late.expected_USCORErevision = &first_revision;
    ns1__ProductQuery all, one, none;
    all.page_USCOREsize = &page_size, all.category = &thousand;
    one.product_USCOREid = {"KETTLE"};
    none.product_USCOREid = {"GHOST"};

    std::cout << "{" << field("version", std::to_string(version));
    const auto tell = [](const Text& step, const Text& value) { std::cout << ",\n" << field(step, value); };
    tell("created", create(true));
    tell("read", read("KETTLE", true));
    tell("updated", update(renaming, true));
    tell("cleared", update(clearing, true));
    tell("listed", listed(all));
    tell("listed_one", listed(one));
    tell("listed_none", listed(none));
    tell("missing", read("GHOST", false));
    product.product_USCOREid = "OTHER", product.sku = "OTHER", product.price = "1,50", product.status = &wrong;
    tell("invalid", create(false));
    tell("stale", update(late, false));
    tell("deleted", ask<_ns1__delete_USCOREproduct, _ns1__delete_USCOREproductResponse>(
        proxy, &Proxy::delete_USCOREproduct, [](auto& request) { request.product_USCOREid = "KETTLE"; }, true));
    tell("gone", read("KETTLE", false));
    std::cout << "}" << std::endl;
    soap_destroy(soap);
    soap_end(soap);
    soap_free(soap);
}
