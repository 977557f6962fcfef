/* What a split makes of a geometry, without the map: two geometries that share the cut and nothing else. */
closingDoor.cut = (() => {
  const { geometry } = closingDoor;
  const CLOSE = 1e-9;

  /** The part of a geometry that its n-th run is in: `{single, parts, k, ring, rings}`; null for what cannot be cut. */
  function part(shape, n) {
    const single = shape.type.replace("Multi", "");
    if (single !== "LineString" && single !== "Polygon") return null;
    const parts = shape.type === single ? [shape.coordinates] : shape.coordinates;
    if (single === "LineString") return { single, parts, k: n, ring: 0, rings: 1 };
    let [k, ring] = [0, n];
    for (; ring >= parts[k].length; k += 1) ring -= parts[k].length;
    return { single, parts, k, ring, rings: parts[k].length };
  }

  function whole(shape, single, parts) {
    const more = parts.length > 1;
    return { ...shape, type: more ? `Multi${single}` : single, coordinates: structuredClone(more ? parts : parts[0]) };
  }

  /** Both sides of a line at an inner point of its n-th run; other runs stay on the side where they are listed. */
  function line(shape, n, index) {
    const at = part(shape, n);
    if (!at || at.single !== "LineString" || index < 1 || index > at.parts[n].length - 2) return null;
    const points = at.parts[n];
    return [
      whole(shape, at.single, [...at.parts.slice(0, n), points.slice(0, index + 1)]),
      whole(shape, at.single, [points.slice(index), ...at.parts.slice(n + 1)]),
    ];
  }

  /** Both sides of an area cut from one corner of its n-th run to another, the larger first; null where no cut is. */
  function area(shape, n, from, to) {
    const at = part(shape, n);
    if (!at || at.single !== "Polygon" || at.rings > 1) return null;
    const run = geometry.runs(shape)[n];
    const corners = run.positions.slice(0, geometry.count(run));
    const [a, b] = [Math.min(from, to), Math.max(from, to)];
    if (!isAcross(corners, a, b)) return null;
    const sides = [corners.slice(a, b + 1), [...corners.slice(b), ...corners.slice(0, a + 1)]];
    sides.sort((one, other) => size(other) - size(one));
    const [larger, smaller] = sides.map((points) => [geometry.ring(points)]);
    const parts = at.parts.map((rings, k) => (k === at.k ? larger : rings));
    return [whole(shape, at.single, parts), whole(shape, at.single, [smaller])];
  }

  /** Whether the straight line between two corners lies inside the ring and touches it nowhere else. */
  function isAcross(corners, a, b) {
    const [start, end] = [corners[a], corners[b]];
    const others = corners.filter((_, i) => i !== a && i !== b);
    if (b - a < 2 || b - a > corners.length - 2 || others.some((corner) => isOn(corner, start, end))) return false;
    const edges = corners.map((corner, i) => [corner, corners[(i + 1) % corners.length]]);
    return !edges.some(([one, other]) => cross(one, other, start, end)) && isWithin(middle(start, end), edges);
  }

  const middle = ([x, y], [otherX, otherY]) => [(x + otherX) / 2, (y + otherY) / 2];

  /** More than 0 where `c` lies to the left of the way from `a` to `b`. */
  function turn(a, b, c) {
    const area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    return Math.abs(area) < CLOSE ? 0 : area;
  }

  function isOn(point, a, b) {
    const isBetween = [0, 1].every((i) => point[i] >= Math.min(a[i], b[i]) - CLOSE && point[i] <= Math.max(a[i], b[i]) + CLOSE);
    return isBetween && turn(a, b, point) === 0;
  }

  function cross(a, b, c, d) {
    return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
  }

  function isWithin([x, y], edges) {
    const crossed = edges.filter(([a, b]) => a[1] > y !== b[1] > y && x < a[0] + ((y - a[1]) / (b[1] - a[1])) * (b[0] - a[0]));
    return crossed.length % 2 === 1;
  }

  /** Twice the area that points enclose. */
  function size(points) {
    return Math.abs(points.reduce((sum, [x, y], i) => {
      const [nextX, nextY] = points[(i + 1) % points.length];
      return sum + x * nextY - nextX * y;
    }, 0));
  }

  return { part, line, area };
})();
