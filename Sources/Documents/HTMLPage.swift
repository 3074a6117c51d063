/// The frame that all documentation pages share.
enum HTMLPage {
    /// A whole page, whose title is its heading.
    static func document(title: String, _ content: [Markup]) -> String {
        let page = Markup(
            "html", ["lang": "en"],
            [
                Markup(
                    "head", [:],
                    [
                        Markup("meta", ["charset": "utf-8"]),
                        Markup("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
                        Markup("title", [:], title), Markup("style", [:], style),
                    ]),
                Markup("body", [:], [Markup("h1", [:], title)] + content),
            ])
        return "<!DOCTYPE html>\n" + page.rendered(.html) + "\n"
    }

    /// The style sheet. It must not need escapes, since a style element does not decode them.
    private static let style = """
        body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; color: #222; }
        h2 { margin-top: 3rem; border-bottom: 1px solid #ccc; } h3 { margin-top: 2rem; }
        a { color: #0b57d0; } body > pre { overflow-x: auto; padding: .75rem; background: #f5f5f5; font-size: .85rem; }
        table { border-collapse: collapse; width: 100%; font-size: .9rem; }
        th, td { padding: .25rem .5rem; border-bottom: 1px solid #ddd; text-align: left; vertical-align: top; }
        """
}
