import type { RuleGroup } from "../prometheus/ruleFile";
import type { ScrapeJob } from "../prometheus/scrapeConfig";
import type { Settings } from "../settings";

/** What every server can be told. */
export interface ServerSettings {
  readonly image: string;
  /** Host address and port; a server without them is reached on the stack's network only. */
  readonly publishAddress?: string;
  readonly publishPort?: number;
  readonly memoryMb: number;
  readonly cpus: number;
}

/** A scrape job, and how many targets it has when all is well. */
export interface ServerJob {
  readonly job: ScrapeJob;
  readonly targets: number;
}

/** A volume of a server. */
export interface ServerVolume {
  /** Ends the volume's name: `<project>-<stack>-<server>-<role>`. */
  readonly role: string;
  /** Whether what is in it would be missed: such volumes are backed up and kept. */
  readonly holdsData: boolean;
}

/**
 * A server that a stack deploys beside the apps. All that is said of servers in general (images, mirrors, ports, reserved names,
 * warnings, jobs, rules, policy, report, doctor, backup, summary) loops over the list in `servers.ts`.
 */
export interface Server {
  /** Name of its container and its alias on the network; no app may take it. */
  readonly name: string;
  /** As its project spells it. */
  readonly title: string;
  /** Type token of its component. */
  readonly componentType: string;
  /** Where its settings are in a stack file. */
  readonly settingsPath: readonly [string, ...string[]];
  /** Its settings; undefined where these leave it out. */
  readonly read: (settings: Settings) => ServerSettings | undefined;
  /** Port inside its container. */
  readonly port: number;
  /** User and group, as numbers, that it runs as. */
  readonly user: string;
  /** Path that answers 200 as soon as it serves. */
  readonly readyPath: string;
  /** Path that answers with a JSON document in which `version` is its version. */
  readonly versionPath?: string;
  readonly volumes: readonly ServerVolume[];
  readonly jobs: (settings: Settings) => readonly ServerJob[];
  /** Recording and alerting rules about it. */
  readonly ruleGroups: (settings: Settings) => readonly RuleGroup[];
}
