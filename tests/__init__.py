"""The tests of Dougong; the folders mirror the source."""
