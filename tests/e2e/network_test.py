"""network: of a manifest: how weir install reaches servers."""
from serving import *


@case
def a_manifest_says_how_servers_are_reached(place):
    """By its proxy, and with its authorities: for weir install, until an index remembers its own."""
    site(place)
    signs = authority(place.folder / "authority")
    place.write("in.csv", "note\n x \n")

    def job(name="job", **network):
        return place.manifest({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}, [{"use": "trim"}], name=name,
                              plugins={"trim": "^1"}, **({"network": network} if network else {}))

    with Server(place.folder / "site", signs) as server, Server(place.folder / "site") as proxy:
        told = ToldOf(place, server=server, proxy=proxy)
        add(place, server, "--ca", "authority/ca.pem")
        kept = place.home / "config/weir/indexes.json"
        indexes = json.loads(kept.read_text())
        del indexes["indexes"][0]["ca"]  # as if this machine's authorities had had it
        kept.write_text(json.dumps(indexes))
        shutil.rmtree(place.home / "cache")
        job()
        told.weir("install")
        job(ca="authority/ca.pem", proxy="${env:PROXY_OF_THE_OFFICE}")
        told.weir("install")
        job(ca="authority/gone.pem")
        told.weir("install")
        job(ca="authority/ca.pem")
        job("other", ca="authority/ca.pem", proxy=proxy.address)
        told.weir("install")
        told.weir("install", "other.json")
        job("other", ca="authority/ca.pem", ssh={"host": "bastion"})
        told.weir("install", "other.json")
        (place.folder / "other.json").unlink()
        told.weir("install")
        must("ca" not in json.loads(kept.read_text())["indexes"][0], "expected an index not to remember what a manifest says")

    # By a proxy: the name is nobody's, so that it alone can have answered.
    with Server(place.folder / "site") as proxy:
        seen, answer = [], proxy.answer

        def as_a_proxy(handler):
            seen.append(handler.path)
            handler.path = handler.path.replace("http://plugins.example", "")
            answer(handler)

        proxy.answer = as_a_proxy
        place.weir("plugin", "remove", "trim").works()
        place.weir("plugin", "index", "remove", "acme").works()
        place.weir("plugin", "index", "add", "acme", "http://plugins.example", "--key", "acme.pub", "--proxy", proxy.address).works()
        indexes = json.loads(kept.read_text())
        del indexes["indexes"][0]["proxy"]
        kept.write_text(json.dumps(indexes))
        shutil.rmtree(place.home / "cache")
        seen.clear()
        place.env["OFFICE"] = proxy.address
        job(proxy="${env:OFFICE}")
        place.weir("install", "--locked").works()
        must("http://plugins.example" + TRIM in seen, f"found {seen}")
        # A run doesn't change with the way to servers.
        place.weir("run", "job.json").works()
        job(proxy="http://127.0.0.1:1")
        must("nothing to do" in place.weir("run", "job.json").works().out, "expected the same run")
    told.end("network.txt")


finish()
