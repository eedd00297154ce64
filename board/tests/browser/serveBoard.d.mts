/** See serveBoard.mjs. */
export declare const contentSecurityPolicy: string;
