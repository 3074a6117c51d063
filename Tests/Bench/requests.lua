-- Sends the requests of a file in turn. wrk hands over the file, and the first number that makes one unique.
local requests, at, number, places

function init(arguments)
    local file = assert(io.open(arguments[1], "rb"))
    requests = {}
    for request in file:read("*a"):gmatch("[^%z]+") do
        requests[#requests + 1] = request
    end
    file:close()
    number, at = tonumber(arguments[2]), 0
    places = requests[1]:find("@@@@@@@@@@", 1, true)
end

function request()
    at = at % #requests + 1
    if not places then
        return requests[at]
    end
    number = number + 1
    return (requests[at]:gsub("@@@@@@@@@@", string.format("%010d", number)))
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        '\n{"microseconds":%d,"requests":%d,"bytes":%d,"refused":%d,"broken":%d,"p50":%d,"p99":%d}\n',
        summary.duration, summary.requests, summary.bytes, errors.status,
        errors.connect + errors.read + errors.write + errors.timeout, latency:percentile(50), latency:percentile(99)))
end
