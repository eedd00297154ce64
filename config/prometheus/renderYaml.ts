import { Scalar, type ScalarTag, stringify, type Tags } from "yaml";

/** YAML for Prometheus and Grafana: one line per string however long, no anchors. */
export function renderYaml(value: unknown): string {
  return stringify(value, {
    // Both read YAML with Go libraries that take `on`, `no` and `y` for booleans, as YAML 1.1 does: those strings get quotes.
    compat: "yaml-1.1",
    lineWidth: 0,
    aliasDuplicateObjects: false,
    // Plain data needs none, and the library would look at every value to find that out.
    directives: false,
    customTags: (tags) => tags.map((tag) => (isTagOfStrings(tag) ? rememberStrings(tag) : tag)),
  });
}

function isTagOfStrings(tag: Tags[number]): tag is ScalarTag {
  return typeof tag === "object" && tag.tag === "tag:yaml.org,2002:str";
}

/**
 * Thousands of jobs have the same keys and mostly the same values, and the library tries dozens of patterns to find out
 * whether a string needs quotes: here it does so once for each string, which takes a third off the whole.
 */
function rememberStrings(tag: ScalarTag): ScalarTag {
  const nodes = new Map<unknown, Scalar>();
  const texts = new Map<unknown, string>();
  return {
    ...tag,
    createNode: (_schema, value) => {
      const node = nodes.get(value) ?? new Scalar(value);
      nodes.set(value, node);
      return node;
    },
    stringify: (node, ...place) => {
      const known = texts.get(node.value);
      if (known !== undefined) return known;
      const text = tag.stringify?.(node, ...place) ?? "";
      if (!dependsOnPlace(String(node.value))) texts.set(node.value, text);
      return text;
    },
  };
}

/** Several lines are indented as their place is, and what looks like the border of a document is quoted at some places. */
function dependsOnPlace(value: string): boolean {
  return /\n|^(---|\.\.\.)/.test(value);
}
