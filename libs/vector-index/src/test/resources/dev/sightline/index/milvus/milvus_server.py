"""Starts the Milvus of PyPI's `milvus` wheel in a data directory and prints "port N" once it is ready.

Every port is a free one. The server ends when standard input closes, so it cannot outlive the JVM that started it,
however that one dies.
"""

import json
import os
import socket
import sys

from milvus import MilvusServer, MilvusServerConfig

data_dir, unpacked = sys.argv[1:3]
if os.path.isdir(unpacked):
    os.makedirs(data_dir, exist_ok=True)
    os.symlink(unpacked, os.path.join(data_dir, "bin"))

reserved = []


def free_port():
    """Free, and not given twice: the socket stays open until all ports are chosen."""
    reserved.append(socket.create_server(("127.0.0.1", 0)))
    return reserved[-1].getsockname()[1]


config = MilvusServerConfig(data_dir=data_dir)
config.configs.update({key: free_port() for key in config.configurable_items if key.endswith("_port")})

# The embedded etcd listens on its default ports unless it is given a file of its own.
etcd_client, etcd_peer = free_port(), free_port()
etcd_file = os.path.join(data_dir, "etcd.yaml")
with open(etcd_file, "w", encoding="utf-8") as file:
    json.dump(
        {
            "name": "default",
            "data-dir": os.path.join(data_dir, "etcd"),
            "listen-client-urls": f"http://127.0.0.1:{etcd_client}",
            "advertise-client-urls": f"http://127.0.0.1:{etcd_client}",
            "listen-peer-urls": f"http://127.0.0.1:{etcd_peer}",
            "initial-advertise-peer-urls": f"http://127.0.0.1:{etcd_peer}",
            "initial-cluster": f"default=http://127.0.0.1:{etcd_peer}",
        },
        file,
    )
os.environ["ETCD_CONFIG_PATH"] = etcd_file

server = MilvusServer(config)
server.webservice_port = free_port()
for sock in reserved:
    sock.close()
try:
    server.start()
    print(f"port {server.listen_port}", flush=True)
    sys.stdin.read()
finally:
    server.stop()
