# Puts tiles that lie as z/x/y.mvt.gz in a folder into an MBTiles file.
import glob, sqlite3, sys
folder, out = sys.argv[1:]
db = sqlite3.connect(out)
db.executescript("CREATE TABLE metadata (name text, value text);"
                 "CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob);"
                 "CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row)")
db.executemany("INSERT INTO metadata VALUES (?, ?)", [
    ("name", "land"), ("format", "pbf"), ("minzoom", "0"), ("maxzoom", "15"), ("bounds", "94,29,95,30"),
    ("json", '{"vector_layers": [{"id": "parcels", "fields": {}}, {"id": "labels", "fields": {}}]}')])
for path in glob.glob(folder + "/*/*/*.mvt.gz"):
    z, x, y = (int(p.split(".")[0]) for p in path.split("/")[-3:])
    with open(path, "rb") as f:
        db.execute("INSERT INTO tiles VALUES (?, ?, ?, ?)", (z, x, 2**z - 1 - y, f.read()))
db.commit()
