export { copyProject } from "../../harness/project-copy";
