-- What cAdvisor does not tell about containers, as metrics: those that have ended, health, restarts, out-of-memory kills.
-- It runs inside the proxy, so that no other container may inspect containers for it. Of what the engine answers, only the
-- values spelled out below leave this file: never an environment, a command or a path.

local engine = require("engine")
local read, decode = engine.read, engine.decode

-- Events -------------------------------------------------------------------------------------------------------------

-- Kills by id: a new container counts from 0, also under the name of a former one. A container whose first process is killed takes its
-- cgroup, and the cgroup's counter, with it: the engine's events are the one source that needs no privilege and tells on cgroup v1
-- and v2.
local oomKills = {}

core.register_task(function()
  local since, refused = tostring(core.now().sec), 0
  while true do
    local connection = core.tcp()
    -- An engine on which nothing happens sends nothing; the next connection asks for what this one missed.
    connection:settimeout(300)
    if connection:connect(engine.socket) then
      refused = 0
      -- HTTP/1.0: one event a line, without the frames of a chunked answer.
      connection:send("GET /events?since=" .. since .. "&filters=%7B%22event%22%3A%5B%22oom%22%5D%7D HTTP/1.0\r\n" ..
        "Host: docker\r\n\r\n")
      local line = connection:receive("*l")
      local isServed = line and line:find(" 200 ", 1, true)
      while isServed and line do
        line = connection:receive("*l")
        if line and line:sub(1, 1) == "{" then
          local event = decode(line, 1)
          local id = event.Actor.ID
          oomKills[id] = (oomKills[id] or 0) + 1
          since = ("%d.%09d"):format(event.timeNano // 1000000000, event.timeNano % 1000000000 + 1)
        end
      end
    end
    connection:close()
    refused = refused + 1
    -- An engine that was restarted under running containers (live-restore) may have recreated its socket, while the one
    -- that is mounted here stays dead. Docker mounts the new one when it restarts this container.
    if refused > 5 then os.exit(1) end
    core.sleep(2)
  end
end)

-- Metrics ------------------------------------------------------------------------------------------------------------

local metrics = {
  { "info", "gauge", "What a container is." },
  { "running", "gauge", "1 while a container runs, 0 when it has ended, is paused, or waits to be restarted." },
  { "health", "gauge", "1 healthy, 0 unhealthy, 2 not known yet; containers without a health check have none." },
  { "restarts_total", "counter", "How often the engine restarted a container by its restart policy." },
  { "oom_kills_total", "counter", "How often the kernel killed a process of a container for want of memory." },
  { "exit_code", "gauge", "Exit code of a container that has ended." },
  { "start_time_seconds", "gauge", "When a container was last started." },
}

local healthValues = { healthy = 1, unhealthy = 0, starting = 2 }

-- Seconds since 1970 of an RFC 3339 time in UTC.
local function readTime(text)
  local year, month, day, hour, minute, second = text:match("(%d+)-(%d+)-(%d+)T(%d+):(%d+):([%d.]+)")
  year, month = tonumber(year), tonumber(month)
  if year < 1970 then return nil end
  if month < 3 then year, month = year - 1, month + 12 end
  local days = 365 * year + year // 4 - year // 100 + year // 400 + (153 * month - 457) // 5 + day - 719469
  return ((days * 24 + hour) * 60 + minute) * 60 + second
end

local function describe(container)
  local state, labels = container.State, container.Config.Labels or {}
  local stack = labels["glasshouse.stack"]
  local hasEnded = not state.Running and not state.Restarting
  return {
    info = 1,
    running = (state.Running and not state.Paused and not state.Restarting) and 1 or 0,
    health = state.Running and state.Health and healthValues[state.Health.Status] or nil,
    restarts_total = container.RestartCount,
    oom_kills_total = oomKills[container.Id] or 0,
    exit_code = hasEnded and state.Status ~= "created" and state.ExitCode or nil,
    start_time_seconds = readTime(state.StartedAt),
  }, {
    id = container.Id,
    image = container.Config.Image,
    restart = container.HostConfig.RestartPolicy.Name,
    -- As the names of the stack's containers begin: another project may have a stack of the same name.
    owner = stack and (labels["glasshouse.project"] or "") .. "-" .. stack,
    stack = stack,
    app = labels["glasshouse.app"],
    compose_project = labels["com.docker.compose.project"],
    compose_service = labels["com.docker.compose.service"],
  }
end

local function render()
  local list = read("/containers/json?all=1")
  if not list then return nil end
  local add, finish = engine.collect("glasshouse_container_", metrics)
  for _, listed in ipairs(list) do
    -- One that was removed since has no answer.
    local container = read("/containers/" .. listed.Id .. "/json")
    if container then
      local values, facts = describe(container)
      local name = container.Name:sub(2)
      facts.name = name
      for metric, value in pairs(values) do add(metric, metric == "info" and facts or { name = name }, value) end
    end
  end
  return finish()
end

engine.serve("containers", "text/plain; version=0.0.4", render)
