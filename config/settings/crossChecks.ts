import {
  checkMailLogins,
  checkMuteTimes,
  checkOwnConfig,
  checkReceivers,
  checkRoutes,
} from "./checks/alertmanagerChecks";
import {
  checkAfter,
  checkBorrowedVolumes,
  checkDiscovery,
  checkFiles,
  checkVolumeNames,
  checkWritablePaths,
} from "./checks/appChecks";
import type { CrossCheck } from "./checks/draft";
import { checkEngineAddress, checkRestartCommand, checkSubnet } from "./checks/engineChecks";
import {
  checkCertPath,
  checkEngineUris,
  checkManagedHost,
  checkSwarmNodes,
} from "./checks/hostChecks";
import { checkHostPorts } from "./checks/hostPortChecks";
import { checkBuildFolders, checkImageOrBuild, checkPinnedImages } from "./checks/imageChecks";
import { checkAliases, checkJobNames, checkNames } from "./checks/nameChecks";
import { checkPanels } from "./checks/panelChecks";
import { checkProbes } from "./checks/probeChecks";
import { checkScrapeJobs } from "./checks/scrapeJobChecks";
import { checkMirror, checkRegistries } from "./checks/registryChecks";
import { checkEncryptedSettings, checkSecretKeys, checkSecretNames } from "./checks/secretChecks";
import { checkSwarmApps, checkSwarmSettings } from "./checks/swarmChecks";

/** Every rule that a single setting cannot keep on its own. All of them run, whatever the others find. */
export const crossChecks: readonly CrossCheck[] = [
  checkEncryptedSettings,
  checkEngineUris,
  checkCertPath,
  checkManagedHost,
  checkSubnet,
  checkRestartCommand,
  checkEngineAddress,
  checkPinnedImages,
  checkImageOrBuild,
  checkBuildFolders,
  checkMirror,
  checkRegistries,
  checkNames,
  checkAliases,
  checkJobNames,
  checkScrapeJobs,
  checkProbes,
  checkDiscovery,
  checkFiles,
  checkWritablePaths,
  checkVolumeNames,
  checkAfter,
  checkBorrowedVolumes,
  checkPanels,
  checkReceivers,
  checkRoutes,
  checkMailLogins,
  checkMuteTimes,
  checkOwnConfig,
  checkHostPorts,
  checkSecretNames,
  checkSecretKeys,
  checkSwarmSettings,
  checkSwarmNodes,
  checkSwarmApps,
];
