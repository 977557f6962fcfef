/* GeoJSON geometries as runs of positions that can be changed in place; the grid they lie on. */
closingDoor.geometry = (() => {
  const DEPTH = { Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 };
  let step = 0.1;

  /** The runs of positions of a geometry, by reference: `{positions, closed, least}`, `least` the fewest it may keep. */
  function runs(geometry) {
    if (!geometry) return [];
    if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(runs);
    const { type, coordinates } = geometry;
    const depth = DEPTH[type];
    const lists = depth === 0 ? [[coordinates]] : depth === 1 ? [coordinates] : coordinates.flat(depth - 2);
    const closed = type.endsWith("Polygon");
    const least = closed ? 3 : type.endsWith("LineString") ? 2 : 1;
    return lists.map((positions) => ({ positions, closed, least, dots: type.endsWith("Point") }));
  }

  /** How many points a run has; the one that closes a ring is its first again. */
  function count({ positions, closed }) {
    return closed && positions.length > 1 && same(positions[0], positions[positions.length - 1]) ? positions.length - 1 : positions.length;
  }

  function same(a, b) {
    return a[0] === b[0] && a[1] === b[1];
  }

  function move(run, index, [lon, lat]) {
    const isClosed = count(run) < run.positions.length;
    run.positions[index].splice(0, 2, lon, lat);
    if (index === 0 && isClosed) run.positions[run.positions.length - 1].splice(0, 2, lon, lat);
  }

  function insert(run, index, position) {
    run.positions.splice(index, 0, [...position]);
  }

  function remove(run, index) {
    const isClosed = count(run) < run.positions.length;
    run.positions.splice(index, 1);
    if (index === 0 && isClosed) run.positions[run.positions.length - 1] = [...run.positions[0]];
  }

  /** A copy moved by whole steps of the grid. */
  function shifted(geometry, lon, lat) {
    const copy = structuredClone(geometry);
    for (const { positions } of runs(copy)) {
      for (const position of positions) position.splice(0, 2, grid(position[0] + lon, 180), grid(position[1] + lat, 90));
    }
    return copy;
  }

  function rounded(value) {
    return Math.round(value * 1e9) / 1e9;
  }

  function grid(degrees, limit) {
    return rounded(Math.round(Math.min(Math.max(degrees, -limit), limit) / step) * step);
  }

  function onGrid({ lat, lng }) {
    return [grid(lng, 180), grid(lat, 90)];
  }

  /** A ring through the points, wound counterclockwise as RFC 7946 has it. */
  function ring(points) {
    const turn = points.reduce((sum, [x, y], i) => {
      const [nextX, nextY] = points[(i + 1) % points.length];
      return sum + x * nextY - nextX * y;
    }, 0);
    const wound = turn < 0 ? [...points].reverse() : points;
    return [...wound, [...wound[0]]];
  }

  return {
    runs, count, same, move, insert, remove, shifted, grid, onGrid, ring, rounded,
    setStep: (degrees) => (step = degrees),
    step: () => step,
    latLng: ([lon, lat]) => L.latLng(lat, lon),
  };
})();
