import { useConsole, useMedia } from "../hooks";
import { nothingYet } from "../store";
import { Empty } from "../ui/empty";
import { NodeList } from "./node-list";
import { Overview } from "./overview";
import { Panel } from "./panel";
import { PictureOfStack } from "./picture";

export function MapPage({ selected }: { selected: string | undefined }) {
  const { stack, state } = useConsole();
  const narrow = useMedia("(max-width: 720px)");
  const node = stack.map.nodes.find(({ id }) => id === selected);
  return (
    <div class={`map${node ? " with-panel" : ""}`}>
      <h1 class="hidden">Map</h1>
      {nothingYet(state) && <Empty />}
      <div class="map-picture">
        {narrow ? <NodeList /> : <PictureOfStack selected={selected} />}
      </div>
      {node && <Panel key={node.id} node={node} />}
      <Overview />
    </div>
  );
}
