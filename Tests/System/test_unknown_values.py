"""A stored value that the program does not know, as a later version of the schema may allow, is a failure of one request."""


def test_a_status_that_the_program_does_not_know_ends_no_worker(site):
    order = site.order("O")
    site.sql("SET check_constraint_checks = 0; UPDATE orders SET status = 'on_hold'")
    workers, logged = sorted(site.workers()), len(site.log())
    path = f"/orders/api/orders/{order['id']}/"
    for _ in range(4):
        assert site.rest("GET", path).json()["status"] == "on_hold"
        answer = site.rest("POST", path + "cancel/")
        assert (answer.status_code, answer.headers["X-Error-Code"]) == (500, "INTERNAL")
        assert answer.json() == {"detail": "Internal error.", "request_id": answer.headers["X-Request-ID"]}
    assert site.soap("orders", "confirm_order", "<order_id>O</order_id>").headers["X-Error-Code"] == "INTERNAL"
    assert sorted(site.workers()) == workers
    lines = site.log()[logged:]
    assert len(lines) == 5 and {line["level"] for line in lines} == {"error"}
    assert "on_hold" in lines[0]["error"] and lines[0]["request_id"]
    # The next value that is known is taken again.
    site.rest("PATCH", path, {"status": "pending"})
    assert site.rest("POST", path + "cancel/").status_code == 200
