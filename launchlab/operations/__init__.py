"""In operation: release little by little, and know when to stop.

`sequential` computes, exactly, how often a release is stopped that is looked at day by day;
`canary` says what a plan of stages costs; `segments` breaks one cuisine and counts who sees it.
`drill` plays a Friday evening, in the page too, and `strategies` plays it for those who always do
the same.
"""
