/** Options of Pulumi operations whose progress this program prints in its own lines: up to 32 resources at a time. */
export const engineOptions = { suppressProgress: true, parallel: 32 } as const;
