"""Licenses accompany the programs of the images, and the bill of materials is made from them."""

from licenses_fixture import list_packages_without_license


def test_has_the_license_of_each_debian_package_of_the_base() -> None:
    assert list_packages_without_license() == []
