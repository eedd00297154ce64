import {
  findLicenceProblems,
  isAllowed,
  readGoModules,
  readNpmLicence,
  recogniseLicence,
} from "../../../cli/licences/licences";

const of = (name: string, licence?: string) => ({ name, licence });

describe("a licence", () => {
  it.each([
    "MIT",
    "Apache-2.0",
    "MPL-2.0",
    "(MIT OR CC0-1.0)",
    "(BSD-3-Clause AND Apache-2.0)",
    "GPL-2.0-only OR MIT",
  ])("is allowed: %s", (licence) => {
    expect(isAllowed(licence)).toBe(true);
  });

  it.each([
    "AGPL-3.0-only",
    "GPL-3.0-or-later",
    "LGPL-3.0",
    "SSPL-1.0",
    "BUSL-1.1",
    "Elastic-2.0",
    "MIT AND GPL-3.0-only",
    "UNLICENSED",
    "SEE LICENSE IN LICENSE",
    "",
  ])("is refused: %s", (licence) => {
    expect(isAllowed(licence)).toBe(false);
  });
});

describe("components", () => {
  it("are refused by name", () => {
    expect(findLicenceProblems([of("left", "MIT"), of("grafana", "AGPL-3.0")], {})).toStrictEqual([
      "grafana is under AGPL-3.0, which is not allowed here",
    ]);
  });

  it("are asked about when they name no licence", () => {
    expect(findLicenceProblems([of("silent")], {})).toStrictEqual([
      "silent names no licence: look it up, and add it to the reviewed ones",
    ]);
  });

  it("are what a review says, which allows nothing that is refused otherwise", () => {
    const reviewed = {
      silent: { licence: "MIT", reason: "its README says so" },
      mongo: { licence: "SSPL-1.0", reason: "we need it" },
    };
    expect(findLicenceProblems([of("silent"), of("mongo", "MIT")], reviewed)).toStrictEqual([
      "mongo is under SSPL-1.0, which is not allowed here",
    ]);
  });

  it("that are gone are taken out of the review", () => {
    const reviewed = { gone: { licence: "MIT", reason: "its README says so" } };
    expect(findLicenceProblems([], reviewed)).toStrictEqual([
      "gone is reviewed but no longer used: remove it",
    ]);
  });
});

it.each([
  [{ license: "MIT" }, "MIT"],
  [{ license: { type: "ISC" } }, "ISC"],
  [{ licenses: [{ type: "MIT" }, { type: "GPL-3.0" }] }, "MIT OR GPL-3.0"],
  [{ licenses: ["MIT", { url: "…" }] }, undefined],
  [{}, undefined],
])("is read from a package.json: %j", (manifest, licence) => {
  expect(readNpmLicence(manifest)).toBe(licence);
});

it.each([
  ["GNU AFFERO GENERAL PUBLIC LICENSE\n Version 3, 19 November 2007", "AGPL-3.0"],
  ["GNU GENERAL PUBLIC LICENSE\n Version 3", "GPL-3.0"],
  ["GNU LESSER GENERAL PUBLIC LICENSE\n Version 2.1", "LGPL-3.0"],
  ["Server Side Public License\nVERSION 1", "SSPL-1.0"],
  ["License text copyright © 2020 MariaDB\nBusiness Source License 1.1", "BUSL-1.1"],
  ["“Commons Clause” License Condition v1.0\nApache License, Version 2.0", "source-available"],
  [
    `Mozilla Public License, version 2.0\n${"1.1 ".repeat(200)}GNU Affero General Public License`,
    "MPL-2.0",
  ],
  ["Apache License\n Version 2.0, January 2004", "Apache-2.0"],
  ["Permission is hereby granted, free of charge, to any person", "MIT"],
  ["Redistribution and use in source and binary forms. Neither the name of", "BSD-3-Clause"],
  ["Redistribution and use in source and binary forms", "BSD-2-Clause"],
  ["All rights reserved.", undefined],
])("is recognised by its text: %s", (text, licence) => {
  expect(recogniseLicence(text)).toBe(licence);
});

it("reads a go.mod as Go builds it: replacements in the place of what they replace", () => {
  const text = `module glasshouse/test

go 1.25.11

require golang.org/x/text v0.38.0

require (
	github.com/Azure/go-ansiterm v0.1.0 // indirect
	github.com/hashicorp/terraform-plugin-sdk/v2 v2.40.0
	github.com/terraform-providers/shim v0.0.0
)

replace (
	github.com/hashicorp/terraform-plugin-sdk/v2 => github.com/pulumi/terraform-plugin-sdk/v2 v2.0.1
	github.com/terraform-providers/shim => ./shim
)
`;
  expect(readGoModules(text)).toStrictEqual([
    "golang.org/x/text@v0.38.0",
    "github.com/Azure/go-ansiterm@v0.1.0",
    "github.com/pulumi/terraform-plugin-sdk/v2@v2.0.1",
  ]);
});
