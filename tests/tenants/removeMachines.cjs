/** Runs after the last file. */
module.exports = () => require("../support/tenantTeams.ts").removeTeams();
