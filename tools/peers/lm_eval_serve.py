"""lm-eval's scores of a served model, and of the same directory in transformers: lm_eval_serve.py MODEL ADDRESS"""
import json
import sys
import urllib.request

from lm_eval.api.instance import Instance
from lm_eval.models.huggingface import HFLM
from lm_eval.models.openai_completions import LocalCompletionsAPI

directory, address = sys.argv[1], sys.argv[2]
# of words that the playground's student knows
texts = [("Ann has 3 coins and buys 4 more", ". How many coins"), ("Ben wins 12 cards", ". He loses 5 cards"), ("3 + 4", " = 7")]
requests = [Instance(request_type="loglikelihood", doc={}, arguments=pair, idx=i) for i, pair in enumerate(texts)]
name = json.load(urllib.request.urlopen(address + "/v1/models"))["data"][0]["id"]
served = LocalCompletionsAPI(model=name, base_url=address + "/v1/completions", tokenizer=directory, max_length=255, batch_size=1)
local = HFLM(pretrained=directory, device="cpu", dtype="float32", batch_size=1)
print(json.dumps({which: [list(score) for score in model.loglikelihood(requests)] for which, model in (("served", served), ("local", local))}))
