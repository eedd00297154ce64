import { parseArgs } from "node:util";
import { machineOptions, readNetwork, runCommand } from "./commandLine";
import { silence } from "./alerting/silence";
import { testReceiver } from "./alerting/testReceiver";
import { backup } from "./backup/backup";
import { restore } from "./backup/restore";
import { ciDrift } from "./ci/drift";
import { listStacks } from "./ci/listStacks";
import { ciPreview } from "./ci/preview";
import { ciComment, ciIssue } from "./ci/publish";
import { doctor } from "./doctor/doctor";
import { down } from "./down";
import { openPage } from "./openPage";
import { preview } from "./preview";
import { status } from "./status";
import { printEnv } from "./printEnv";
import { SetupError } from "./setupError";
import { test } from "./test";
import { prepareMachine } from "./prepareMachine";
import { up } from "./up";
import type { UpOptions } from "./upOptions";

const usage = `Usage: npm run <command> [-- options]

  up       from this machine as it is to a live stack
  preview  shows what \`up\` would change, and where the stack breaks a rule of the policy
  down     removes what the stack deployed
  status   prints targets, alerts and the busiest containers
  open     opens the page with the dashboards
  doctor   tells whether the stack is what was deployed, and how to fix it (exit code 1 with findings)
  silence  keeps alerts from being told for a while; \`silence -- list\` and \`silence -- expire ID\`
  alert:test
           sends a receiver of alerts a test, and tells whether it was taken
  backup   writes the data of servers and apps into one file; apps stop for the copy
  restore  replaces these data by those of a backup
  setup    what \`up\` does before it deploys: engine, Pulumi, images
  env      prints the variables that a plain \`pulumi\` in this checkout needs
  test     suites of tests: unit, core, e2e, alone, faults, long; all but unit after \`setup\`
  bench    measures Glasshouse against other tools; \`npm run bench -- --help\` has its options

  For CI, see docs/ci.md:
  ci:stacks   the stacks whose files are committed, as JSON
  ci:preview  what a deployment would change, as Markdown; all committed stacks without --stack
  ci:drift    what is no longer as it was deployed, as Markdown (exit code 1 with findings)
  ci:comment  posts a preview as a comment on a pull request of GitHub, or updates it
  ci:issue    opens, updates or closes the issue about drift on GitHub

  --stack NAME            stack file Pulumi.NAME.yaml (default: dev, or offline without image registries); \`ci:preview\` and
                          \`ci:drift\` take several with commas between them (default: all that are committed)
  --network internet|registries
                          instead of finding out what can be reached
  --pulumi-downloads URL  a mirror of Pulumi's downloads
  --policy                \`up\` shows the preview first, and deploys nothing that breaks a rule of the policy
  --silence               nobody is told of alerts while \`up\` runs
  --to FILE               where \`backup\` writes (default: glasshouse-<stack>-<time>.tar.gz), and \`ci:…\` (default: standard output)
  --from FILE             what \`restore\` reads, and what \`ci:comment\` and \`ci:issue\` post
  --adopt                 \`up\` takes over a stack whose state is lost: volumes stay, containers are recreated
  --volumes               \`down\` also removes the volumes that hold data, for good
  --app NAME, --alert NAME
                          what \`silence\` is about; both may be there more than once
  --for TIME              how long \`silence\` lasts: 30m, 2h, 3d
  --reason TEXT           why
  --receiver NAME         who gets the test of \`alert:test\`
  --json                  \`doctor\`, \`ci:preview\` and \`ci:drift\` print a JSON document
  --fail-on risky|changes \`ci:preview\` ends with exit code 3 for a risky change, and with 2 for any change
  --against-nothing       \`ci:preview\` compares with an empty state: for those who may not see the stack's own
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...machineOptions,
      adopt: { type: "boolean", default: false },
      volumes: { type: "boolean", default: false },
      policy: { type: "boolean", default: false },
      silence: { type: "boolean", default: false },
      to: { type: "string" },
      from: { type: "string" },
      app: { type: "string", multiple: true, default: [] },
      alert: { type: "string", multiple: true, default: [] },
      for: { type: "string" },
      reason: { type: "string" },
      receiver: { type: "string" },
      json: { type: "boolean", default: false },
      "fail-on": { type: "string" },
      "against-nothing": { type: "boolean", default: false },
    },
  });
  const [command, ...rest] = positionals;
  if (values.help) {
    console.log(usage);
    return;
  }
  const options: UpOptions = {
    stack: values.stack,
    network: readNetwork(values.network),
    pulumiDownloads: values["pulumi-downloads"],
    adopt: values.adopt,
    policy: values.policy,
    silence: values.silence,
  };
  switch (command) {
    case "up":
      return up(options);
    case "preview":
      return preview(options);
    case "down":
      return down({ stack: values.stack, volumes: values.volumes });
    case "status":
      return status(values.stack);
    case "open":
      return openPage(values.stack);
    case "doctor":
      process.exitCode = await doctor({ stack: values.stack, json: values.json });
      return;
    case "silence":
      return silence({
        stack: values.stack,
        action: rest,
        apps: values.app,
        alerts: values.alert,
        for: values.for,
        reason: values.reason,
      });
    case "alert:test":
      return testReceiver({ stack: values.stack, receiver: values.receiver });
    case "backup":
      return backup({ stack: values.stack, to: values.to });
    case "restore":
      return restore({ stack: values.stack, from: values.from });
    case "setup":
      await prepareMachine(options);
      return;
    case "env": {
      printEnv();
      return;
    }
    case "test":
      return test(options, rest);
    case "ci:stacks":
      console.log(JSON.stringify(await listStacks()));
      return;
    case "ci:preview":
      process.exitCode = await ciPreview({
        ...options,
        json: values.json,
        to: values.to,
        failOn: values["fail-on"],
        againstNothing: values["against-nothing"],
      });
      return;
    case "ci:drift":
      process.exitCode = await ciDrift({ ...options, json: values.json, to: values.to });
      return;
    case "ci:comment":
      return ciComment({ from: values.from, stack: values.stack });
    case "ci:issue":
      return ciIssue({ from: values.from });
    default:
      throw new SetupError(`${command ?? "nothing"} is not a command.\n\n${usage}`);
  }
}

runCommand(main);
