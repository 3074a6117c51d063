-- Sends requests that it draws from a file of templates, which have zero bytes between them. wrk hands over the file
-- and a seed. In a template, @kind first last format@ stands for a number of that range:
--   uniform   each equally often;
--   zipf      the k-th most frequent one 1/k as often as the most frequent one;
--   next      one after the other, over all templates with the same placeholder.
local templates, draws = {}, {}

-- It spreads the frequent numbers over the range. As a prime above every range, it gives each rank a number of its own.
local PRIME = 2654435761

local kinds = {
    uniform = function(first, last)
        return function() return math.random(first, last) end
    end,
    zipf = function(first, last)
        local count = last - first + 1
        local logarithm = math.log(count + 1)
        return function()
            return first + math.floor(math.exp(math.random() * logarithm)) * PRIME % count
        end
    end,
    next = function(first)
        local number = first - 1
        return function()
            number = number + 1
            return number
        end
    end,
}

-- A template as a list in which texts and draws take turns.
local function parsed(text)
    local parts, from = {}, 1
    for start, kind, first, last, format, stop in text:gmatch("()@(%a+) (%d+) (%d+) (%%%w+)@()") do
        local placeholder = text:sub(start, stop - 1)
        draws[placeholder] = draws[placeholder] or kinds[kind](tonumber(first), tonumber(last))
        parts[#parts + 1] = text:sub(from, start - 1)
        parts[#parts + 1] = { number = draws[placeholder], format = format }
        from = stop
    end
    parts[#parts + 1] = text:sub(from)
    return parts
end

function init(arguments)
    local file = assert(io.open(arguments[1], "rb"))
    for text in file:read("*a"):gmatch("[^%z]+") do
        templates[#templates + 1] = parsed(text)
    end
    file:close()
    math.randomseed(tonumber(arguments[2]))
end

function request()
    local template = templates[math.random(#templates)]
    local texts = {}
    for at, part in ipairs(template) do
        texts[at] = at % 2 == 1 and part or string.format(part.format, part.number())
    end
    return table.concat(texts)
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        '\n{"microseconds":%d,"requests":%d,"bytes":%d,"refused":%d,"broken":%d,"p50":%d,"p99":%d}\n',
        summary.duration, summary.requests, summary.bytes, errors.status,
        errors.connect + errors.read + errors.write + errors.timeout, latency:percentile(50), latency:percentile(99)))
end
