-- What Prometheus' discovery is told of containers, in the form of the engine's own list: which of them ask to be scraped, and where.
-- That list shows commands, mounts and all labels as well; of it, only the values spelled out below leave this file.

local engine = require("engine")
local quoteJson = engine.quoteJson

-- Labels by which containers ask to be scraped, and those that name a container or say whose it is.
local function isTold(label)
  return label:find("^prometheus%.io/") or label:find("^glasshouse%.") or
    label == "com.docker.compose.service" or label == "com.docker.swarm.service.id"
end

-- An object of what `render` makes of each value; of those without an answer, nothing.
local function renderObject(values, render)
  local members = {}
  for key, value in pairs(values or {}) do
    local text = render(value, key)
    if text then table.insert(members, quoteJson(key) .. ":" .. text) end
  end
  return "{" .. table.concat(members, ",") .. "}"
end

local function renderLabel(value, label)
  return isTold(label) and quoteJson(value)
end

local function renderNetwork(network)
  return renderObject({ NetworkID = network.NetworkID or "", IPAddress = network.IPAddress or "" }, quoteJson)
end

-- Prometheus makes a target of each TCP port. One container is one target: the lowest is told, `prometheus.io/port` names another.
local function renderPorts(ports)
  local lowest
  for _, port in ipairs(ports or {}) do
    if port.Type == "tcp" and (not lowest or port.PrivatePort < lowest) then lowest = port.PrivatePort end
  end
  return lowest and ('[{"Type":"tcp","PrivatePort":%d}]'):format(lowest) or "[]"
end

local function renderContainer(container)
  local names = {}
  for _, name in ipairs(container.Names or {}) do table.insert(names, quoteJson(name)) end
  local mode = (container.HostConfig or {}).NetworkMode or ""
  local networks = (container.NetworkSettings or {}).Networks
  return '{"Id":' .. quoteJson(container.Id) ..
    ',"Names":[' .. table.concat(names, ",") .. "]" ..
    ',"Labels":' .. renderObject(container.Labels, renderLabel) ..
    ',"Ports":' .. renderPorts(container.Ports) ..
    ',"HostConfig":{"NetworkMode":' .. quoteJson(mode) .. "}" ..
    ',"NetworkSettings":{"Networks":' .. renderObject(networks, renderNetwork) .. "}}"
end

local function render()
  local list = engine.read("/containers/json")
  if not list then return nil end
  local texts = {}
  for _, container in ipairs(list) do table.insert(texts, renderContainer(container)) end
  return "[" .. table.concat(texts, ",") .. "]"
end

engine.serve("discovery", "application/json", render)
