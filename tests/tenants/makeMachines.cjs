/** Runs before the first file: the machines and teams of all. Jest wants a module that is a function. */
module.exports = () => require("../support/tenantTeams.ts").admitTeams();
