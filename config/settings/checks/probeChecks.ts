import type { SettingsProblem } from "../settingsProblem";
import type { CrossCheck } from "./draft";

export const checkProbes: CrossCheck = ({ settings: { probes }, isValid, fileExists }) =>
  probes.flatMap(({ name, ca, timeoutSeconds, intervalSeconds, labels }, index) => {
    const path = `probes[${index}]`;
    if (!isValid(path)) return [];
    const first = probes.findIndex((probe) => probe.name === name);
    const problems: (SettingsProblem | false)[] = [
      first < index && {
        path: `${path}.name`,
        value: JSON.stringify(name),
        rule: `must differ from probes[${first}].name`,
      },
      timeoutSeconds >= intervalSeconds && {
        path: `${path}.timeoutSeconds`,
        value: String(timeoutSeconds),
        rule: `must be less than intervalSeconds, which is ${intervalSeconds}`,
      },
      ca !== undefined &&
        !fileExists(ca) && {
          path: `${path}.ca`,
          value: JSON.stringify(ca),
          rule: "must be a file of the project",
        },
      ...["job", "probe"].map(
        (label) =>
          Object.hasOwn(labels, label) && {
            path: `${path}.labels.${label}`,
            rule: `must not set the label \`${label}\`, by which alerts know it`,
          },
      ),
    ];
    return problems.filter((problem) => problem !== false);
  });
