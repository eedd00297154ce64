require("../../../runtime/loadTypeScript.cjs");
require("./program.ts");
