import static java.util.stream.Collectors.joining;

import java.io.PrintStream;
import java.net.URL;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import javax.xml.namespace.QName;
import javax.xml.soap.SOAPException;
import javax.xml.ws.BindingProvider;
import javax.xml.ws.handler.MessageContext;
import javax.xml.ws.handler.soap.SOAPHandler;
import javax.xml.ws.handler.soap.SOAPMessageContext;
import messo.products.*;

/** Performs the product story with the classes that wsimport generated; prints JSON: JaxwsClient WSDL VERSION */
public class JaxwsClient {
    interface Call {
        Object run() throws ServiceFaultMessage;
    }

    public static void main(String[] arguments) throws Exception {
        ProductService service = new ProductService(new URL(arguments[0]));
        boolean is12 = arguments[1].equals("12");
        ProductServicePortType port =
            is12 ? service.getProductServiceSoap12Port() : service.getProductServiceSoap11Port();

        FaultCode faultCode = new FaultCode();
        ((BindingProvider) port).getBinding().setHandlerChain(List.of(faultCode));

        ProductInput product = new ProductInput();
        product.setProductId("KETTLE");
        product.setSku("KETTLE-SKU");
        product.setName("Kettle 🫖 Größe <L> & \"Teeküche\" 東京");
        product.setDescription("First line\nsecond line: 👩‍👩‍👧‍👦 e\u0301");
        product.setPrice("99.90");
        product.setStockQuantity(7);
        product.setStatus("active");
        product.setCategory("kitchen");
        product.setBrand("Messo");
        product.setWeight("1.50");
        product.getAttribute().add(attribute("colour", "red"));
        product.getAttribute().add(attribute("mood", "🙂"));
        ProductChanges renaming = new ProductChanges();
        renaming.setName("Kettle, renamed 🎉");
        ProductChanges clearing = new ProductChanges();
        clearing.getClearField().addAll(List.of("description", "brand"));
        ProductChanges late = new ProductChanges();
        late.setName("Late");
        late.setExpectedRevision(1L);
        ProductQuery thousand = new ProductQuery();
        thousand.setPageSize(1000);
        thousand.setCategory("thousand");

        String[] story = {
            field("version", is12 ? 12 : 11),
            field("created", seen(port.createProduct(product))),
            field("read", seen(port.getProduct("KETTLE"))),
            field("updated", seen(port.updateProduct("KETTLE", renaming))),
            field("cleared", seen(port.updateProduct("KETTLE", clearing))),
            field("listed", seen(port.listProducts(thousand))),
            field("listed_one", seen(port.listProducts(withKey("KETTLE")))),
            field("listed_none", seen(port.listProducts(withKey("GHOST")))),
            field("missing", faultOf(() -> port.getProduct("GHOST"), faultCode)),
            field("invalid", faultOf(() -> port.createProduct(wrong(product)), faultCode)),
            field("stale", faultOf(() -> port.updateProduct("KETTLE", late), faultCode)),
            field("deleted", port.deleteProduct("KETTLE")),
            field("gone", faultOf(() -> port.getProduct("KETTLE"), faultCode)),
        };
        new PrintStream(System.out, true, "UTF-8").println(object(story));
    }

    /** Keeps the code of the last fault, which JAX-WS leaves out of the typed exception. */
    static class FaultCode implements SOAPHandler<SOAPMessageContext> {
        String last;

        @Override
        public boolean handleFault(SOAPMessageContext context) {
            try {
                last = context.getMessage().getSOAPBody().getFault().getFaultCodeAsName().getLocalName();
            } catch (SOAPException problem) {
                throw new IllegalStateException(problem);
            }
            return true;
        }

        @Override
        public boolean handleMessage(SOAPMessageContext context) {
            return true;
        }

        @Override
        public void close(MessageContext context) {}

        @Override
        public Set<QName> getHeaders() {
            return Set.of();
        }
    }

    static Attribute attribute(String name, String value) {
        Attribute attribute = new Attribute();
        attribute.setName(name);
        attribute.setValue(value);
        return attribute;
    }

    static ProductInput wrong(ProductInput product) {
        product.setProductId("OTHER");
        product.setSku("OTHER");
        product.setPrice("1,50");
        product.setStatus("bogus");
        return product;
    }

    static ProductQuery withKey(String key) {
        ProductQuery query = new ProductQuery();
        query.getProductId().add(key);
        return query;
    }

    static Json seen(Product product) {
        return object(
            field("product_id", product.getProductId()), field("sku", product.getSku()),
            field("name", product.getName()), field("description", product.getDescription()),
            field("price", product.getPrice()), field("stock_quantity", product.getStockQuantity()),
            field("status", product.getStatus()), field("category", product.getCategory()),
            field("brand", product.getBrand()), field("weight", product.getWeight()),
            field("revision", product.getRevision()),
            field("created_at", product.getCreatedAt().toGregorianCalendar().getTimeInMillis() / 1000.0),
            field("attribute", list(product.getAttribute(), each -> list(each.getName(), each.getValue()))));
    }

    static Json seen(ProductPage page) {
        return object(
            field("total_count", page.getTotalCount()), field("has_more", page.isHasMore()),
            field("product_ids", list(page.getProduct(), Product::getProductId)),
            field("names", list(page.getProduct(), Product::getName)),
            field("prices", list(page.getProduct(), Product::getPrice)));
    }

    static Json faultOf(Call call, FaultCode faultCode) {
        try {
            call.run();
        } catch (ServiceFaultMessage fault) {
            ServiceFault detail = fault.getFaultInfo();
            return object(
                field("fault_code", faultCode.last), field("text", fault.getMessage()),
                field("error_code", detail.getErrorCode()), field("retryable", detail.isRetryable()),
                field("request_id", detail.getRequestId()),
                field("fields", list(detail.getFieldError(), each -> list(each.getField(), each.getProblem()))));
        }
        throw new IllegalStateException("no fault");
    }

    // JSON, which the JDK lacks.

    record Json(String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    static String field(String name, Object value) {
        return value == null ? "" : json(name) + ":" + json(value);
    }

    static Json object(String... fields) {
        return new Json(List.of(fields).stream().filter(each -> !each.isEmpty()).collect(joining(",", "{", "}")));
    }

    static Json list(Object... values) {
        return list(List.of(values), each -> each);
    }

    static <Each> Json list(List<Each> values, Function<Each, Object> part) {
        return new Json(values.stream().map(each -> json(part.apply(each))).collect(joining(",", "[", "]")));
    }

    static String json(Object value) {
        if (!(value instanceof String text)) return String.valueOf(value);
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }
}
