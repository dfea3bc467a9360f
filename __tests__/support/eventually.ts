export { eventually } from "../../harness/eventually";
