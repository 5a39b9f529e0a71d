# Nearest of the stations by SciPy's csgraph, on the arcs in the folder. Prints seconds by work, and how many nodes differ.
import json, resource, time
import numpy as np, scipy
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

read = lambda name, kind="<i4": np.fromfile(name + ".bin", dtype=kind)
stations, want = read("stations"), read("want")
if "BENDS" in globals():
    start, end, ticks = read("piece_from"), read("piece_to"), read("piece_ticks", "<f4")
else:
    start, end, ticks = read("from"), read("to"), read("ticks")
nodes = max(len(want), start.max() + 1, end.max() + 1)
order = np.lexsort((ticks, start, end))  # of parallel arcs the shortest
start, end, ticks = start[order], end[order], ticks[order]
first = np.ones(len(start), bool)
first[1:] = (start[1:] != start[:-1]) | (end[1:] != end[:-1])
keep = first & (start != end)
graph = csr_matrix((ticks[keep].astype(float), (end[keep], start[keep])), shape=(nodes, nodes))  # turned: towards the stations

def timed(runs, **options):
    took = []
    for _ in range(runs):
        begin = time.perf_counter()
        found = dijkstra(graph, **options)
        took.append(time.perf_counter() - begin)
    return sorted(took)[len(took) // 2], found

full, found = timed(5, indices=stations, min_only=True)
found = np.where(np.isinf(found), -1, found)[: len(want)]
quarter, _ = timed(5, indices=stations, min_only=True, limit=9000)
one, _ = timed(9, indices=stations[0], limit=9000)
print(json.dumps({
    "seconds": {"full": full, "quarter": quarter, "one": one},
    "wrong": int((abs(found - want) > 0.4).sum()),
    "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
    "version": scipy.__version__,
}))
