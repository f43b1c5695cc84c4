"""What claims say."""

from launchlab.findings import all_results


def test_statements_are_sentences():
    for result in all_results():
        assert result.claim.statement.endswith("."), result.claim.name
