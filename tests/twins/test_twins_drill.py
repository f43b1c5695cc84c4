"""The fire drill in the page against the one in Python: the same at every step, to the last bit."""

import json
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchlab.operations import drill, drill_chance, drill_data, strategies
from launchlab.operations.drill_story import CALLED, LOOKS, SCENARIOS

ACTIONS = [
    "wait 1",
    "wait 5",
    "wait 15",
    "rollback",
    "run",
    *(f"look {name}" for name in LOOKS),
    *(f"call {name}" for name in CALLED),
]
seeds = st.integers(0, drill_chance.SEEDS - 1)
names = st.sampled_from([None, *(one.name for one in SCENARIOS)])
some = settings(max_examples=25, deadline=None)
fewer = settings(max_examples=8, deadline=None)

STEPS = """(seed, name, actions) => {
  const d = globalThis.drillOfTest, evening = d.makeEvening(seed, name);
  let state = d.begin();
  const found = [];
  const keep = () => found.push([evening.name, evening.town, state, d.facts(evening, state),
    d.red(d.facts(evening, state)), d.cost(state, 8, 200)]);
  keep();
  for (const action of actions) {
    if (state.over) break;
    state = d.step(evening, state, action);
    keep();
  }
  return found;
}"""


@pytest.fixture(scope="module")
def twin(script, call):
    """The page's drill, asked as the tests of rules ask."""
    script.add_script_tag(content=drill_data.script("drill.js"))
    script.evaluate(
        "given => { drillOfTest = launchlabDrill(JSON.parse(given)); }",
        json.dumps(drill_data.data()),
    )
    return call


def in_python(seed, name, actions):
    evening = drill.make_evening(seed, name)
    state = drill.begin(evening)
    states = [state]
    for action in actions:
        if state.over:
            break
        state = drill.step(evening, state, action)
        states.append(state)
    found = []
    for one in states:
        seen = drill.facts(evening, one)
        found.append(
            [evening.name, evening.town, asdict(one), seen, drill.red(seen), drill.cost(one)]
        )
    return json.loads(json.dumps(found))


@some
@given(seed=seeds, name=names, actions=st.lists(st.sampled_from(ACTIONS), max_size=12))
def test_every_step_costs_and_shows_the_same(twin, seed, name, actions):
    assert twin(STEPS, seed, name, actions) == in_python(seed, name, actions)


@fewer
@given(
    seed=seeds,
    plan=st.lists(
        st.tuples(st.integers(0, 230), st.sampled_from([a for a in ACTIONS if a != "run"])),
        max_size=3,
    ),
)
def test_a_replay_and_what_each_action_cost_are_the_same(twin, seed, plan):
    ask = """(seed, plan) => {
      const d = globalThis.drillOfTest, evening = d.makeEvening(seed);
      return [d.replay(evening, plan), d.differences(evening, plan, 8, 200),
        d.stretches(evening, plan, 8), d.lesson(evening, 8)];
    }"""
    evening, given_plan = drill.make_evening(seed), tuple(plan)
    mine = [
        asdict(drill.replay(evening, given_plan)),
        drill.differences(evening, given_plan),
        drill.stretches(evening, given_plan),
        drill.lesson(evening),
    ]
    assert twin(ask, seed, plan) == json.loads(json.dumps(mine))


@pytest.mark.parametrize("name", strategies.STRATEGIES)
def test_a_fixed_strategy_plays_the_same_evening(twin, name):
    ask = """(name, seed) => {
      const d = globalThis.drillOfTest;
      return d.play(name, d.makeEvening(seed));
    }"""
    for seed in (1, 17, 4711):
        played = asdict(strategies.play(name, drill.make_evening(seed)))
        assert twin(ask, name, seed) == json.loads(json.dumps(played))
