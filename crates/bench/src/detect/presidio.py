"""Presidio's analyzer over the texts of presidio-research's JSON; see `presidio`, the script beside this one."""
import importlib.metadata
import json
import logging
import os
import resource
import sys

os.environ.setdefault("OMP_NUM_THREADS", "1")
logging.disable(logging.CRITICAL)

import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine

path, mode = sys.argv[1:3]
PATTERNS = ["CREDIT_CARD", "PHONE_NUMBER", "EMAIL_ADDRESS", "IBAN_CODE", "US_SSN", "IP_ADDRESS", "URL", "US_DRIVER_LICENSE"]
NAMES = ["PERSON", "LOCATION", "DATE_TIME", "NRP"]


class Loaded(SpacyNlpEngine):
    """The engine with a pipeline that is given to it."""

    def __init__(self, pipeline):
        super().__init__()
        self.nlp = {"en": pipeline}


if mode == "model":
    # The wheel's own name differs from the model's.
    module = next(d for d in os.listdir(os.path.dirname(os.path.dirname(spacy.__file__))) if d.startswith("en_core_web_sm") and "." not in d)
    pipeline = __import__(module).load()
else:
    pipeline = spacy.blank("en")
registry = RecognizerRegistry()
registry.load_predefined_recognizers(languages=["en"])
if mode != "model":
    registry.recognizers = [r for r in registry.recognizers if "Spacy" not in type(r).__name__]
engine = AnalyzerEngine(registry=registry, nlp_engine=Loaded(pipeline), supported_languages=["en"])
entities = PATTERNS + (NAMES if mode == "model" else [])
texts = [row["full_text"] for row in json.load(open(path, encoding="utf-8"))]
# As presidio-research's own wrapper has it.
THRESHOLD = 0.4
engine.analyze(texts[0], language="en", entities=entities)


def apart(results):
    """Of results that overlap, the one with the higher score, then the longer: a web address is no part of an e-mail."""
    kept = []
    for r in sorted(results, key=lambda r: (-r.score, r.start - r.end)):
        if all(r.end <= k.start or k.end <= r.start for k in kept):
            kept.append(r)
    return sorted(kept, key=lambda r: r.start)


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


start = cpu()
found = [engine.analyze(text, language="en", entities=entities, score_threshold=THRESHOLD) for text in texts]
seconds = cpu() - start
version = "presidio-analyzer " + importlib.metadata.version("presidio-analyzer")
if mode == "model":
    version += " with en_core_web_sm " + pipeline.meta["version"]
spans = [[[r.start, r.end, r.entity_type] for r in apart(results)] for results in found]
json.dump({"seconds": seconds, "version": version, "spans": spans}, sys.stdout)
