-- What a manager knows of its Swarm: as metrics, and as targets of Prometheus' `http_sd_configs`. Its own discovery of Swarms would have to
-- be let at /services and /tasks, which show the environment of every service; of what the engine answers, only the values spelled out
-- below leave this file.

local engine = require("engine")
local read, quoteJson = engine.read, engine.quoteJson

-- Names by id. Two nodes may have one host name; then the beginning of their ids tells them apart.
local function nameNodes(nodes)
  local count, names = {}, {}
  for _, node in ipairs(nodes) do
    local host = node.Description.Hostname
    count[host] = (count[host] or 0) + 1
  end
  for _, node in ipairs(nodes) do
    local host = node.Description.Hostname
    names[node.ID] = count[host] > 1 and host .. "-" .. node.ID:sub(1, 5) or host
  end
  return names
end

-- Metrics ------------------------------------------------------------------------------------------------------------

local metrics = {
  { "up", "gauge", "1 while the managers of the Swarm have a leader." },
  { "node_info", "gauge", "What a node is." },
  { "node_ready", "gauge", "1 while a node answers the managers." },
  { "node_tasks", "gauge", "Replicas that run on a node." },
  { "manager_reachable", "gauge", "1 while a manager is reached by the leader." },
  { "manager_leader", "gauge", "1 for the manager that leads the others." },
  { "service_tasks_desired", "gauge", "Replicas of a service that there should be." },
  { "service_tasks_running", "gauge", "Replicas of a service that run." },
  { "service_failures_total", "counter", "Replicas of a service that failed or could not be started." },
}

-- Failures by service, and the tasks that they were counted by. The Swarm keeps a few ended tasks of each replica.
local failures, counted = {}, nil

local function countFailures(tasks)
  local listed = {}
  for _, task in ipairs(tasks) do
    local state = task.Status.State
    if task.ServiceID and (state == "failed" or state == "rejected") then
      listed[task.ID] = true
      -- Those from before this proxy was started were told by the one before.
      if counted and not counted[task.ID] then failures[task.ServiceID] = (failures[task.ServiceID] or 0) + 1 end
    end
  end
  counted = listed
end

local function countRunning(tasks)
  local running = {}
  for _, task in ipairs(tasks) do
    local runs = task.DesiredState == "running" and task.Status.State == "running"
    -- A container that someone attached to a network is a task without a service.
    if task.ServiceID and task.NodeID and runs then
      running[task.NodeID] = (running[task.NodeID] or 0) + 1
    end
  end
  return running
end

local function renderMetrics()
  local add, finish = engine.collect("glasshouse_swarm_", metrics)
  local nodes = read("/nodes")
  local services = nodes and read("/services?status=true")
  local tasks = services and read("/tasks")
  add("up", {}, tasks and 1 or 0)
  if tasks then
    local names = nameNodes(nodes)
    local running = countRunning(tasks)
    countFailures(tasks)
    for _, node in ipairs(nodes) do
      local name = names[node.ID]
      add("node_info", {
        node = name,
        role = node.Spec.Role,
        availability = node.Spec.Availability,
        engine = node.Description.Engine.EngineVersion,
      }, 1)
      add("node_ready", { node = name }, node.Status.State == "ready" and 1 or 0)
      add("node_tasks", { node = name }, running[node.ID] or 0)
      local manager = node.ManagerStatus
      if manager then
        add("manager_reachable", { node = name }, manager.Reachability == "reachable" and 1 or 0)
        add("manager_leader", { node = name }, manager.Leader and 1 or 0)
      end
    end
    for _, service in ipairs(services) do
      local given, status = service.Spec.Labels or {}, service.ServiceStatus
      local labels = {
        service = service.Spec.Name,
        stack = given["glasshouse.stack"] or given["com.docker.stack.namespace"],
        app = given["glasshouse.app"],
      }
      if status then
        add("service_tasks_desired", labels, status.DesiredTasks)
        add("service_tasks_running", labels, status.RunningTasks)
      end
      add("service_failures_total", labels, failures[service.ID] or 0)
    end
  end
  return finish()
end

-- Targets ------------------------------------------------------------------------------------------------------------

-- Labels that leave: those by which others ask to be scraped, and those of Glasshouse.
local function isTold(label)
  return label:find("^prometheus%.io/") or label:find("^glasshouse%.")
end

local function describeTask(task, names, service)
  local labels = {
    __meta_swarm_service = service.Name,
    __meta_swarm_node = names[task.NodeID],
    -- As Docker names containers, without the task's random id.
    __meta_swarm_replica = service.Name .. "." .. (task.Slot or names[task.NodeID]),
  }
  -- Of the service, and of its containers, which have the last word.
  for _, given in ipairs({ service.Labels or {}, task.Spec.ContainerSpec and task.Spec.ContainerSpec.Labels or {} }) do
    for label, text in pairs(given) do
      if isTold(label) then labels["__meta_swarm_label_" .. label:gsub("[^%w_]", "_")] = text end
    end
  end
  return labels
end

local function renderTarget(address, labels)
  local list = {}
  for label, text in pairs(labels) do table.insert(list, quoteJson(label) .. ":" .. quoteJson(text)) end
  return '{"targets":[' .. quoteJson(address) .. '],"labels":{' .. table.concat(list, ",") .. "}}"
end

-- One target for each network of each replica that runs.
local function renderTargets()
  local nodes = read("/nodes")
  local services = nodes and read("/services")
  local tasks = services and read("/tasks?filters=%7B%22desired-state%22%3A%5B%22running%22%5D%7D")
  if not tasks then return nil end
  local names, ready, specs, targets = nameNodes(nodes), {}, {}, {}
  for _, node in ipairs(nodes) do ready[node.ID] = node.Status.State == "ready" end
  for _, service in ipairs(services) do specs[service.ID] = service.Spec end
  for _, task in ipairs(tasks) do
    -- Its service may have been removed a moment ago.
    local service = specs[task.ServiceID or ""]
    -- On a node that is gone a replica counts as running for good.
    if task.Status.State == "running" and ready[task.NodeID] and service then
      local labels = describeTask(task, names, service)
      for _, attachment in ipairs(task.NetworksAttachments or {}) do
        labels.__meta_swarm_network = attachment.Network.Spec.Name
        for _, address in ipairs(attachment.Addresses or {}) do
          table.insert(targets, renderTarget(address:match("^[^/]+"), labels))
        end
      end
    end
  end
  return "[" .. table.concat(targets, ",") .. "]"
end

engine.serve("swarm-metrics", "text/plain; version=0.0.4", renderMetrics)
engine.serve("swarm-targets", "application/json", renderTargets)
