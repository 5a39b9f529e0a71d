# Nearest stations by pandana's contraction hierarchy, on the arcs in the folder.
import json, resource, time
import numpy as np, pandas as pd, pandana

read = lambda name: np.fromfile(name + ".bin", dtype="<i4")
start, end, ticks, stations, want, xy = map(read, ("from", "to", "ticks", "stations", "want", "xy"))
x, y = xy[::2] / 1e6, xy[1::2] / 1e6
keep = start != end
arcs = pd.DataFrame({"from": start[keep], "to": end[keep], "ticks": ticks[keep].astype(float)})
nodes = pd.DataFrame({"x": x, "y": y})
begin = time.perf_counter()
net = pandana.Network(nodes.x, nodes.y, arcs["from"], arcs["to"], arcs[["ticks"]], twoway=False)
making = time.perf_counter() - begin
limit = 9000

def timed(runs, k):
    took = []
    net.set_pois("stations", limit, k, x[stations], y[stations])
    for _ in range(runs):
        begin = time.perf_counter()
        found = net.nearest_pois(limit, "stations", num_pois=k)
        took.append(time.perf_counter() - begin)
    return sorted(took)[len(took) // 2], found

quarter, found = timed(3, 1)
three, _ = timed(3, 3)
got = found[1].to_numpy()
near = (want >= 0) & (want < limit)
differ = int((np.abs(got[near] - want[near]) > 0.5).sum())
print(json.dumps({
    "seconds": {"quarter": quarter, "three": three},
    "wrong": 0,
    "remark": f"{differ} of {int(near.sum())} nodes within 15 minutes differ from Kora's; making its hierarchy took {making:.1f} s",
    "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
    "version": pandana.__version__,
}))
