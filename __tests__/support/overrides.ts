export * from "../../harness/overrides";
