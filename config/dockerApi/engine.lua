-- The engine's API, and the two ways in which this container's scripts write what they found in it.

local engine = { socket = "unix@/var/run/docker.sock" }

-- JSON ---------------------------------------------------------------------------------------------------------------

local escaped = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

local function unescape(character, digits)
  if character == "u" and #digits == 4 then return utf8.char(tonumber(digits, 16)) end
  return (escaped[character] or character) .. digits
end

local function decodeString(text, start)
  local stop = start
  repeat
    stop = text:find('["\\]', stop + 1)
    local isEscape = text:byte(stop) == 92
    if isEscape then stop = stop + 1 end
  until not isEscape
  return (text:sub(start + 1, stop - 1):gsub("\\(.)(%x?%x?%x?%x?)", unescape)), stop + 1
end

local constants = { t = { true, 4 }, f = { false, 5 }, n = { nil, 4 } }

-- The JSON value at `start` (null is nil), and the position behind it.
local function decode(text, start)
  start = text:find("[^%s,:]", start)
  local first = text:sub(start, start)
  if first == '"' then return decodeString(text, start) end
  if first == "{" or first == "[" then
    local value, at, count = {}, start + 1, 0
    while true do
      at = text:find("[^%s,]", at)
      if text:find("^[%]}]", at) then return value, at + 1 end
      local key
      if first == "{" then
        key, at = decodeString(text, at)
      else
        count = count + 1
        key = count
      end
      value[key], at = decode(text, at)
    end
  end
  if constants[first] then return constants[first][1], start + constants[first][2] end
  local stop = select(2, text:find("^[-+%d.eE]+", start))
  return tonumber(text:sub(start, stop)), stop + 1
end

-- Requests ----------------------------------------------------------------------------------------------------------

-- Paths are without a version: every engine serves its own then.
function engine.read(path)
  local response = core.httpclient():get({ url = "http://docker" .. path, dst = engine.socket, timeout = 5000 })
  if response.status ~= 200 then return nil end
  return (decode(response.body, 1))
end

-- Text ---------------------------------------------------------------------------------------------------------------

-- A value of a label, as Prometheus reads it.
function engine.quoteLabel(value)
  return '"' .. value:gsub('[\\"\n]', { ["\\"] = "\\\\", ['"'] = '\\"', ["\n"] = "\\n" }) .. '"'
end

function engine.quoteJson(value)
  return '"' .. value:gsub('[%c\\"]', function(character) return ("\\u%04x"):format(character:byte()) end) .. '"'
end

engine.decode = decode

-- Metrics of a list of names, types and explanations, in its order: a function that adds a value, with labels by name, and one that
-- answers the text.
function engine.collect(prefix, metrics)
  local lines = {}
  for _, metric in ipairs(metrics) do
    local name = prefix .. metric[1]
    lines[metric[1]] = { "# HELP " .. name .. " " .. metric[3], "# TYPE " .. name .. " " .. metric[2] }
  end
  local function add(metric, labels, value)
    local list = {}
    for label, text in pairs(labels) do table.insert(list, label .. "=" .. engine.quoteLabel(text)) end
    table.sort(list)
    local braces = #list > 0 and "{" .. table.concat(list, ",") .. "}" or ""
    table.insert(lines[metric], prefix .. metric .. braces .. " " .. value)
  end
  local function finish()
    local text = {}
    for _, metric in ipairs(metrics) do table.insert(text, table.concat(lines[metric[1]], "\n")) end
    return table.concat(text, "\n") .. "\n"
  end
  return add, finish
end

-- Registers a service that answers with a text, or with 503 where there is none.
function engine.serve(name, contentType, render)
  core.register_service(name, "http", function(applet)
    local text = render()
    applet:set_status(text and 200 or 503)
    applet:add_header("content-type", contentType)
    text = text or ""
    applet:add_header("content-length", tostring(#text))
    applet:start_response()
    applet:send(text)
  end)
end

return engine
