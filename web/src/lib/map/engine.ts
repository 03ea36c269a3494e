// MapLibre with its worker, in a chunk of its own: loaded only when a map is in view.
// The built worker must be named by hand, or the map stays blank.
import "maplibre-gl/dist/maplibre-gl.css";
import { Map as GlMap, Marker, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";

setWorkerUrl(workerUrl);

export { GlMap, Marker };
