#!/usr/bin/env python3
"""Follows a small run on a real MLflow server, reads its event files with TensorBoard, and imports it into Trackio and wandb.

  python3 -m venv peers && peers/bin/pip install mlflow tensorboard 'trackio[tensorboard]' wandb
  peers/bin/python tools/peers/trackers.py [COGENT]        COGENT: the command, ./cogent by default

Ends with 0 and one line for each of the four, or with what differs.
"""

import json
import os
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COGENT = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "cogent")
BIN = Path(sys.executable).parent
STEPS = 6


def recipe(work: Path, address: str) -> Path:
    file = work / "peers.yaml"
    file.write_text(f"""name: peers
runs: {work}/runs
corpus: {{path: playground}}
playground: {{problems: 40, held_out: 4}}
student: {{model: playground}}
teacher: {{url: playground}}
sft: {{max_steps: {STEPS}, batch_size: 4, log_to: [mlflow, tensorboard]}}
align: {{max_steps: 3, batch_size: 4, log_to: [mlflow, tensorboard]}}
evaluate: {{benchmarks: []}}
tracking: {{mlflow: "{address}", experiment: peers}}
""")
    return file


def logged(work: Path, stage: str) -> list:
    return [json.loads(line) for line in (work / "runs/peers/metrics" / f"{stage}.jsonl").open()]


def server(work: Path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [BIN / "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
         "--backend-store-uri", f"sqlite:///{work}/mlflow.db", "--artifacts-destination", str(work / "artifacts")],
        stdout=(work / "server.log").open("w"), stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            urllib.request.urlopen(address + "/health")
            return process, address
        except OSError:
            if process.poll() is not None:
                sys.exit("mlflow server ended: " + (work / "server.log").read_text()[-2000:])
            time.sleep(0.5)
    sys.exit("mlflow server does not answer")


def check_mlflow(work: Path, address: str) -> str:
    import mlflow

    client = mlflow.MlflowClient(address)
    experiment = client.get_experiment_by_name("peers")
    runs = {run.data.tags["cogent.stage"]: run for run in client.search_runs([experiment.experiment_id])}
    assert set(runs) == {"sft", "align"}, set(runs)
    for stage, run in runs.items():
        lines = logged(work, stage)
        assert run.info.status == "FINISHED", run.info.status
        assert run.data.params["student.model"] == "playground"
        assert run.data.params[f"{stage}.max_steps"] == str(len(lines))
        for name in ("loss", "grad_norm") + (("rewards/margins/small",) if stage == "align" else ()):
            there = [(m.step, m.value) for m in client.get_metric_history(run.info.run_id, name)]
            here = [(round(line["step"]), line[name]) for line in lines if name in line]
            assert there == here, (stage, name, there, here)
        files = {f.path for f in client.list_artifacts(run.info.run_id)}
        assert {"recipe.yaml", f"{stage}.jsonl"} <= files, files
        local = mlflow.artifacts.download_artifacts(
            run_id=run.info.run_id, artifact_path="recipe.yaml", tracking_uri=address, dst_path=str(work))
        assert Path(local).read_text() == (work / "runs/peers/recipe.yaml").read_text()
    return f"mlflow {mlflow.__version__}: {len(runs)} runs, params, metrics, tags and files as logged"


def check_tensorboard(work: Path) -> str:
    from tensorboard import version
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.plugins.hparams import metadata

    events = EventAccumulator(str(work / "runs/peers/tensorboard/sft"))
    events.Reload()
    losses = [(e.step, e.value) for e in events.Scalars("loss")]
    here = [(round(line["step"]), line["loss"]) for line in logged(work, "sft")]
    assert [step for step, _ in losses] == [step for step, _ in here]
    assert all(abs(a - b) < 1e-5 for (_, a), (_, b) in zip(losses, here))
    hparams = events.summary_metadata
    start = metadata.parse_session_start_info_plugin_data(
        hparams["_hparams_/session_start_info"].plugin_data.content)
    assert start.hparams["sft.max_steps"].number_value == STEPS, start
    assert start.hparams["student.model"].string_value == "playground"
    end = metadata.parse_session_end_info_plugin_data(hparams["_hparams_/session_end_info"].plugin_data.content)
    assert end.status == 1, end
    metadata.parse_experiment_plugin_data(hparams["_hparams_/experiment"].plugin_data.content)
    return f"tensorboard {version.VERSION}: scalars and hparams as logged"


def check_trackio(work: Path) -> str:
    os.environ["TRACKIO_DIR"] = str(work / "trackio")
    import trackio

    trackio.import_tf_events(log_dir=str(work / "runs/peers/tensorboard"), project="peers", name="peers")
    with sqlite3.connect(work / "trackio/peers.db") as database:
        for stage in ("sft", "align"):
            there = database.execute(
                "select step, json_extract(metrics, '$.loss') as loss from metrics"
                " where run_name = ? and loss is not null order by step", [f"peers_{stage}"]).fetchall()
            here = [(round(line["step"]), line["loss"]) for line in logged(work, stage)]
            assert [step for step, _ in there] == [step for step, _ in here], (stage, there)
            assert all(abs(a - b) < 1e-5 for (_, a), (_, b) in zip(there, here)), (stage, there)
    return f"trackio {trackio.__version__}: the event files are imported, losses as logged"


def wandb_records(file: Path):
    """The records of an offline run: a log of LevelDB's format behind a header of 7 bytes."""
    from wandb.proto import wandb_internal_pb2

    data, at, parts = file.read_bytes(), 7, b""
    while at + 7 <= len(data):
        left = 32768 - at % 32768
        if left < 7:
            at += left
            continue
        _, length, kind = struct.unpack_from("<IHB", data, at)
        parts += data[at + 7:at + 7 + length]
        at += 7 + length
        if kind in (1, 4):  # a whole record, or the last part of one
            yield wandb_internal_pb2.Record.FromString(parts)
            parts = b""


def check_wandb(work: Path) -> str:
    import wandb

    with wandb.init(project="peers", name="sft", mode="offline", dir=str(work)) as run:
        for metrics in logged(work, "sft"):
            run.log(metrics, step=round(metrics["step"]))
    file = next((work / "wandb").glob("offline-run-*/*.wandb"))
    history = [
        {item.key or item.nested_key[0]: json.loads(item.value_json) for item in record.history.item}
        for record in wandb_records(file) if record.WhichOneof("record_type") == "history"]
    there = [(step["_step"], step["loss"]) for step in history]
    assert there == [(round(line["step"]), line["loss"]) for line in logged(work, "sft")], there
    return f"wandb {wandb.__version__}: an offline run from the metrics, losses as logged"


def main() -> None:
    work = Path(tempfile.mkdtemp(prefix="cogent-trackers"))
    process, address = server(work)
    try:
        subprocess.run([COGENT, "run", str(recipe(work, address))], check=True, stdout=(work / "run.log").open("w"))
        print(check_mlflow(work, address))
    finally:
        process.terminate()
        process.wait()
    print(check_tensorboard(work))
    print(check_trackio(work))
    print(check_wandb(work))


if __name__ == "__main__":
    main()
