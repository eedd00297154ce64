import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UpdateView } from "../../../../cli/progress/updateView";

const recorded = readFileSync(join(__dirname, "../recorded/up.txt"), "utf8").split("\n");

function watch(lines: readonly string[], usual: "created" | "deleted" = "created") {
  const view = new UpdateView("Deploying dev", usual, 0);
  const kept = lines.filter((line) => view.take(line, 0));
  return { view, kept };
}

const creating = (name: string) => ` +  docker:index:Container ${name} creating (0s) `;

describe("what `npm run up` shows live", () => {
  it("is how much is done, and what is being worked on, since when", () => {
    const { view } = watch([
      " +  glasshouse:app:App shop creating (0s) ",
      creating("shop-1"),
      " +  glasshouse:resources:Volume data creating (0s) ",
      " +  glasshouse:resources:Volume data created (0.2s) ",
      "    docker:index:Network net  ",
    ]);
    view.take(creating("shop-2"), 9000);
    view.take(creating("shop-1"), 10_000);
    expect(view.render(12_500)).toStrictEqual([
      "  … Deploying dev: 12 s, 2 done, 2 running",
      "      Container shop-1 creating 12 s",
      "      Container shop-2 creating 3 s",
    ]);
  });

  it("fits a low terminal", () => {
    const { view } = watch(["a", "b", "c", "d", "e", "f"].map((name) => creating(name)));
    expect(view.render(0, 6)).toStrictEqual([
      "  … Deploying dev: 0 s, 0 done, 6 running",
      "      Container a creating 0 s",
      "      Container b creating 0 s",
      "      and 4 more",
    ]);
    expect(view.render(0, 50)).toHaveLength(7);
  });

  it("keeps of a whole update what changed, what is said and the summary", () => {
    const { view, kept } = watch(recorded);
    const from = recorded.findIndex((line) => line.startsWith("Diagnostics:"));
    expect(kept).toStrictEqual([
      "Updating (offline):",
      "",
      ...recorded.filter((line) => / updated \(/.test(line)),
      ...recorded.slice(from),
    ]);
    expect(view.render(0)[0]).toMatch(/: 0 s, \d\d done, 0 running$/);
  });

  it("counts what every resource goes through, and keeps what happens to few", () => {
    const lines = [
      " +  docker:index:Container shop-1 created (0.66s) ",
      " -  docker:index:Container shop-1 deleted (0.66s) ",
      "\u001b[33m ~  \u001b[0mdocker:index:Container shop-2 updated (0.1s) [diff: ~image]",
    ];
    expect(watch(lines).kept).toStrictEqual(lines.slice(1));
    expect(watch(lines, "deleted").kept).toStrictEqual([lines[0], lines[2]]);
  });

  it("tells a failure at once, and what is said of it at the end", () => {
    const failed = " +  docker:index:Container shop-1 **creating failed** error: port is taken";
    const { view, kept } = watch([
      creating("shop-1"),
      " +  docker:index:Container shop-1 creating (0s) error: port is taken",
      failed,
      " +  pulumi:pulumi:Stack glasshouse-dev **creating failed (11s)** 1 error",
      "Diagnostics:",
      "  docker:index:Container (shop-1):",
      "    error: port is taken",
    ]);
    expect(kept).toStrictEqual([
      failed,
      "Diagnostics:",
      "  docker:index:Container (shop-1):",
      "    error: port is taken",
    ]);
    expect(view.render(0)).toStrictEqual(["  … Deploying dev: 0 s, 0 done, 0 running"]);
  });
});
