import { parseArgs } from "node:util";
import { bench } from "../bench/bench";
import { parseBenchOptions } from "../bench/benchOptions";
import { EngineSettingsError } from "../engine/engineSettingsError";
import { backup } from "./backup/backup";
import { restore } from "./backup/restore";
import type { Network } from "./detectNetwork";
import { doctor } from "./doctor/doctor";
import { down } from "./down";
import { explainCause } from "./explainCause";
import { printEnv } from "./printEnv";
import { SetupError } from "./setupError";
import { test } from "./test";
import { prepareMachine, up, type UpOptions } from "./up";

const usage = `Usage: npm run <command> [-- options]

  up       from this machine as it is to a live stack
  down     removes what the stack deployed
  doctor   tells whether the stack is what was deployed, and how to mend it (exit code 1 with findings)
  backup   writes the data of Prometheus and Grafana into one file, while they run
  restore  replaces their data by those of a backup
  setup    what \`up\` does before it deploys: engine, Pulumi, images
  env      prints the variables that a plain \`pulumi\` in this checkout needs
  test     all tests, after \`prepare\`
  bench    measures Glasshouse against other tools, see docs/benchmarks.md

  --stack NAME            stack file Pulumi.NAME.yaml (default: dev, or offline without image registries)
  --network internet|registries
                          instead of finding out what can be reached
  --pulumi-downloads URL  a mirror of Pulumi's downloads
  --to FILE               where \`backup\` writes (default: glasshouse-<stack>-<time>.tar.gz)
  --from FILE             what \`restore\` reads
  --adopt                 \`up\` takes over a stack whose state is lost: volumes stay, containers are made anew
  --json                  \`doctor\` prints a JSON document
  --rounds N              how often \`bench\` measures (default: 3)
  --only ROWS             which rows \`bench\` measures, by the start of their names: chapter, scale-30, render
  --peers NAMES           which tools \`bench\` measures: glasshouse,engine,compose,terraform,ansible
  --trace                 \`bench\` draws where the time goes, and measures nothing else
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      stack: { type: "string" },
      network: { type: "string" },
      "pulumi-downloads": { type: "string" },
      adopt: { type: "boolean", default: false },
      to: { type: "string" },
      from: { type: "string" },
      json: { type: "boolean", default: false },
      rounds: { type: "string" },
      only: { type: "string" },
      peers: { type: "string" },
      trace: { type: "boolean", default: false },
      help: { type: "boolean" },
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
  };
  switch (command) {
    case "up":
      return up(options);
    case "down":
      return down(values.stack);
    case "doctor":
      process.exitCode = await doctor({ stack: values.stack, json: values.json });
      return;
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
    case "bench": {
      const { rounds, only, peers, trace } = values;
      return bench(options, parseBenchOptions({ rounds, only, peers, trace }));
    }
    case "test":
      return test(options, rest);
    default:
      throw new SetupError(`${command ?? "nothing"} is not a command.\n\n${usage}`);
  }
}

function readNetwork(value: string | undefined): Network | undefined {
  if (value === undefined || value === "internet" || value === "registries") return value;
  throw new SetupError(`--network must be internet or registries, got ${value}`);
}

main().catch((error: unknown) => {
  const isForUser =
    error instanceof SetupError || error instanceof EngineSettingsError || isArgumentError(error);
  console.error(isForUser ? `\n${(error as Error).message}` : error);
  const advice = error instanceof SetupError ? explainCause(error.message) : undefined;
  if (advice !== undefined) console.error(`\n${advice}`);
  process.exitCode = 1;
});

/** What `parseArgs` throws for an unknown option. */
function isArgumentError(error: unknown): boolean {
  return String((error as NodeJS.ErrnoException).code).startsWith("ERR_PARSE_ARGS");
}
