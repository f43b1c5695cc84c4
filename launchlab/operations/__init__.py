"""In operation: release little by little, and know when to stop.

`sequential` computes, exactly, how often a release is stopped that is looked at day by day;
`canary` says what a plan of stages costs; `segments` breaks one cuisine and counts who sees it.

`served_worse` splits orders by groups, into what is possible for them and what they reach;
`group_auc` and `slices` say when a gap can be seen; `floors` prices a floor under a share.

While it runs, `happenings` lets twelve things happen to it, `watching` says what inputs, scores,
clicks and orders show of them, and `rules` judges whom one wakes for that. `cusum` computes how
soon daily orders tell, `retraining` when a new model is due, `exploring` what exploration brings.

`drill_chance` draws a Friday evening, `drill` plays it, in the page too, and `strategies` plays it
for those who always do the same.
"""
