require("../../../setup/loadTypeScript.cjs");
require("./program.ts");
